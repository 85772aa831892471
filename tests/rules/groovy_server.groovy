// Answers one program a line: {"program": "..."} in, {"value": "...", "out": "...", "error": "..."} out.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import groovy.transform.Field
import groovy.transform.TimedInterrupt
import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.MultipleCompilationErrorsException
import org.codehaus.groovy.control.customizers.ASTTransformationCustomizer

@Field int depth = 0

String shown(value) {
    if (depth > 40) return '"..."'
    depth++
    try { return plain(value) } finally { depth-- }
}

String plain(value) {
    if (value instanceof Class) return 'class ' + value.simpleName
    switch (value) {
        case null: return 'null'
        case Boolean: return value.toString()
        case BigDecimal: return value.toString() + (value.toString() ==~ /-?\d+/ ? 'G' : '')
        case Float: case Double: return Double.parseDouble(value.toString()).toString() + 'd'
        case Number: return value.toString()
        case CharSequence: case Character: return JsonOutput.toJson(value.toString())
        case java.sql.Timestamp: return "Timestamp ${value.toInstant()}"
        case Date: return "Date ${value.toInstant()}"
        case Calendar: return "Calendar ${value.toInstant()}"
        case Map: return value.isEmpty() ? '[:]' : '[' + value.collect { k, v -> shown(k) + ': ' + shown(v) }.join(', ') + ']'
        case Set: return 'set[' + value.collect { shown(it) }.sort().join(', ') + ']'
        case Map.Entry: return shown(value.key) + '=' + shown(value.value)
        case java.util.regex.Matcher: return 'matcher'
        case java.util.regex.Pattern: return '~' + JsonOutput.toJson(value.toString())
        case Closure: return 'closure'
        case Throwable: return 'error ' + value.class.simpleName
        case Class: return 'class ' + value.simpleName
        case Enum: return value.name()
        case Optional: return value.toString()
        case { it.class.isArray() }: return '[' + value.toList().collect { shown(it) }.join(', ') + ']'
        case Iterable: return '[' + value.collect { shown(it) }.join(', ') + ']'
        case { it.class.name.startsWith('java.time') }: return "${value.class.simpleName.replace('ZoneRegion', 'ZoneId').replace('ZoneOffset', 'ZoneId')} ${value}"
        case UUID: case URI: case Locale: return "${value.class.simpleName} ${value}"
        default: return 'object ' + value.toString().replaceAll(/@[0-9a-f]+$/, '')
    }
}

def answers = System.out
def settings = new CompilerConfiguration()
settings.addCompilationCustomizers(new ASTTransformationCustomizer([value: 4L], TimedInterrupt))
def reader = new BufferedReader(new InputStreamReader(System.in, 'UTF-8'))
String line
while ((line = reader.readLine()) != null) {
    def program = new JsonSlurper().parseText(line).program
    def printed = new ByteArrayOutputStream()
    def caught = new PrintStream(printed, true, 'UTF-8')
    System.setOut(caught)
    def answer = [value: null, error: null]
    try {
        // TimedInterrupt cannot put its check into an interface
        def chosen = program.contains('interface ') ? new CompilerConfiguration() : settings
        def shell = new GroovyShell(new Binding([out: caught]), chosen)
        answer.value = shown(shell.evaluate(program, 'Program.groovy'))
    } catch (MultipleCompilationErrorsException problem) {
        answer.error = 'compile'
        answer.message = problem.message
    } catch (Throwable problem) {
        answer.error = problem.class.simpleName
        answer.message = "${problem.message}".take(300)
    }
    caught.flush()
    answer.out = printed.toString('UTF-8')
    answers.println(JsonOutput.toJson(answer))
    answers.flush()
}
