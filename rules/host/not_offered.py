"""What scripts for Exalate reach and a closed language does not offer, found before a script runs, each with what to write instead."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rules import tree
from rules.diagnostics import Diagnostic, diagnose, did_you_mean
from rules.library.errors import HIERARCHY
from rules.library.refused import instead_of
from rules.library.statics import MAKERS, STATICS
from rules.tree_walk import nodes

_HTTP = "httpClient.get(path), and httpClient.http(method, path, query, body, headers) { req, res -> } with headers of your own"


Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Area:
    """One thing that is not there. `packages` are the starts of full names, `classes` and `variables` names, `members` of any object."""

    code: str
    what: str
    instead: str
    packages: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


Use = tuple[int, str, Area, Severity]
"""Where, which name, of what, how grave."""
AREAS = (
    Area(
        "scala", "Scala", "lists, maps and closures; of Scala only `new scala.Tuple2(issueKey, traces)` is understood",
        packages=("scala.",), variables=("await", "orNull"), members=("asScalaIteratorConverter",),
    ),
    Area("play", "the Play web client", _HTTP, packages=("play.", "akka."), members=("withQueryString", "withMethod", "addHttpHeaders")),
    Area(
        "injector", "the injector", "nodeHelper, syncHelper and the other helpers",
        packages=("com.google.inject.",), classes=("InjectorGetter",), variables=("injector",), members=("getInjector",),
    ),
    Area(
        "internals", "Exalate's own services", "previous (in outgoing scripts too), connection, traces, syncHelper",
        packages=("services.", "domain.", "jcloudnode.", "com.exalate.node.", "com.exalate.replication.", "com.exalate.api.sync.",
                  "com.exalate.services.", "com.exalate.domain.", "com.exalate.util.", "com.exalate.generic.", "com.exalate.transform."),
        classes=("SyncScriptContextService", "SyncProjectPropertyService", "MappingService", "SyncService", "SyncContext", "SyncNode"),
        variables=("syncScriptContextService", "syncProjectPropertyService", "workflowUtil", "qcHelper"),
        members=("twinTraceRepository", "getTwinTraceByLocalIssueKeyFuture", "getIssueByCurrentKey", "getGeneralSettings"),
    ),
    Area(
        "tracker-client", "the tracker's own client", f"nodeHelper for what it knows, {_HTTP}",
        packages=("com.atlassian.", "org.ofbiz.", "com.onresolve.", "com.opensymphony.", "com.microsoft."),
        classes=("ComponentAccessor", "IssueManager", "GroovyHttpClient"),
        variables=("jiraClient", "zendeskClient", "azureClient", "componentManager", "issueManager", "customFieldManager", "userManager"),
        members=("azureClient", "zendeskClient", "issueTrackerClient", "jiraClient", "ws", "thisJira", "getOSGiComponentInstanceOfType"),
    ),
    Area(
        "credentials", "credentials", "httpClient, which signs in by itself",
        variables=("userAuthorization", "jiraProxyUser"), members=("getCredentials", "authenticate", "getAuthHeaderFromGs"),
    ),
    Area(
        "threads", "threads and waiting", "nothing: Twinline waits and tries again by itself",
        packages=("java.util.concurrent.", "java.lang.Thread", "java.util.Timer", "groovyx.gpars."),
        variables=("sleep",), classes=("Thread", "Timer", "TimerTask", "Executors", "CompletableFuture", "ThreadLocal", "Runnable"),
    ),
    Area(
        "files", "files", "attachmentHelper for attachments, properties of the replica for everything else",
        packages=("java.io.", "java.nio.file.", "java.nio.channels.", "javax.imageio.", "org.apache.commons.io."),
        classes=("File", "FileReader", "FileWriter", "FileInputStream", "FileOutputStream", "Files", "Paths", "RandomAccessFile",
                 "PrintWriter", "BufferedReader", "InputStreamReader", "ByteArrayInputStream", "ByteArrayOutputStream"),
    ),
    Area(
        "network", "the network beside this side's own system", _HTTP,
        packages=("java.net.URL", "java.net.Http", "java.net.http.", "java.net.Socket", "java.net.ServerSocket", "java.net.InetAddress",
                  "javax.net.", "javax.mail.", "groovyx.net.", "org.apache.http.", "okhttp3.", "wslite."),
        classes=("URL", "HttpURLConnection", "HTTPBuilder", "RESTClient", "HttpBuilder", "Socket", "ServerSocket", "InetAddress"),
    ),
    Area(
        "reflection", "reflection and running other code", "script functions, closures and maps",
        packages=("java.lang.reflect.", "java.lang.invoke.", "groovy.lang.GroovyShell", "groovy.lang.GroovyClassLoader", "groovy.util.Eval",
                  "org.codehaus.groovy.", "org.apache.groovy.", "groovy.lang.MetaClass", "groovy.lang.ExpandoMetaClass"),
        classes=("GroovyShell", "GroovyClassLoader", "Eval", "ClassLoader", "Class", "ExpandoMetaClass", "GroovySystem"),
        variables=("evaluate",),
        members=("metaClass", "getMetaClass", "setMetaClass", "classLoader", "getClassLoader", "loadClass", "forName", "invokeMethod",
                 "getDeclaredMethod", "getDeclaredField", "declaredMethods", "declaredFields", "getDeclaredMethods", "getDeclaredFields",
                 "setAccessible"),
    ),
    Area(
        "process", "the machine and its processes", "nothing: a script works on values",
        packages=("java.lang.Runtime", "java.lang.Process", "System.exit", "System.getenv", "System.getProperty"),
        classes=("Runtime", "ProcessBuilder", "Process"),
        members=("getenv", "getRuntime"),
    ),
    Area(
        "crypto", "cryptography", "encodeBase64() where a value only has to be encoded; a secret has no place in a script",
        packages=("javax.crypto.", "java.security.", "org.bouncycastle."),
        classes=("Cipher", "SecretKeySpec", "KeyGenerator", "MessageDigest", "Mac", "SecureRandom"),
    ),
    Area(
        "html-parser", "Jsoup", "nodeHelper.stripHtml(text) and nodeHelper.toMarkDownFromHtml(text), or replaceAll with a pattern",
        packages=("org.jsoup.",), classes=("Jsoup", "Whitelist", "Safelist"),
    ),
    Area(
        "xml", "XML", "the JSON that httpClient answers with, or a pattern",
        packages=("groovy.xml.", "groovy.util.Xml", "javax.xml.", "org.w3c.dom.", "groovy.util.slurpersupport."),
        classes=("XmlSlurper", "XmlParser", "MarkupBuilder", "XmlUtil"),
    ),
    Area(
        "database", "databases", _HTTP,
        packages=("groovy.sql.", "java.sql.Connection", "java.sql.DriverManager", "javax.sql.", "slick."), classes=("Sql", "DriverManager"),
    ),
    Area(
        "external-script", "scripts beside the rule", "what the class does, as script functions in the rule; see the cookbook",
        classes=("Status", "StatusSync", "Epic", "AgileSync", "SimpleSprintSync", "SubTaskSync", "IssueLinkSync", "ComponentSync",
                 "VersionSync", "ServiceDeskSync", "TempoWorkLogSync", "CreateIssue", "UpdateIssue", "GetIssueUrl", "GetProject",
                 "JiraClient", "AdoClient", "ZdClient", "MdToWiki", "HtmlToWiki", "WikiToHtml", "ExalateApi"),
    ),
    Area(
        "visual-mode", "both sides in one script, as in visual mode",
        "two scripts: `replica.x = issue.x` in the outgoing one, `issue.x = replica.x` in the incoming one",
    ),
    Area("grab", "@Grab and libraries of your own", "the classes that the documentation lists", packages=("groovy.grape.",)),
)  # fmt: skip
UNDERSTOOD = frozenset({
    "scala", "scala.*", "scala.Tuple2", "scala.collection", "scala.collection.*", "scala.collection.Seq", "scala.collection.JavaConverters",
    "scala.collection.JavaConversions", "scala.collection.JavaConverters.*", "scala.collection.JavaConversions.*", "java.io.Serializable",
    "java.net.URLEncoder", "java.net.URLDecoder", "java.util.concurrent.TimeUnit", "java.net.URI",
})  # fmt: skip
_UNDERSTOOD_STARTS = tuple(f"{one}." for one in UNDERSTOOD if one.count(".") and not one.endswith("*") and one != "scala.collection")
_PACKAGES = tuple(one for area in AREAS for one in area.packages)
_REFLECTED = frozenset({"metaClass", "classLoader", "declaredMethods", "declaredFields"})
_CLASSES = {name: area for area in AREAS for name in area.classes}
_VARIABLES = {name: area for area in AREAS for name in area.variables}
_BY_CODE = {area.code: area for area in AREAS}
_MEMBERS = {name: area for area in AREAS for name in area.members}
_DECLARED = re.compile(r"\b(?:class|enum|interface|trait)\s+(\w+)")
_GRAB = re.compile(r"@Grab\w*|@GrabResolver|@GrabConfig")


def not_offered(source: str, root: tree.Block, faults: Sequence[int], known: Iterable[str] = ()) -> list[Diagnostic]:
    """One finding for each line and area, in source order. `faults` are the places that could not be read, `known` the host's names.

    An import alone, and a class that stands nowhere, are warnings: the script may never get there.
    """
    every = list(nodes(root))
    own = {*_DECLARED.findall(source), *_names(every)}
    outsiders = _outsiders(every, own, {*known, *STATICS, *MAKERS, *HIERARCHY})
    found: dict[tuple[int, str], Diagnostic] = {}
    for at, name, area, severity in (*_grabs(source, faults), *_uses(every, own), *outsiders):
        message = f"{name!r} is not offered: rules cannot reach {area.what}"
        one = diagnose(source, at, message, code=area.code, severity=severity, instead=instead_of(name) or area.instead)
        found.setdefault((one.line, one.code), one)
    return sorted(found.values(), key=lambda one: (one.line, one.column))


def foremost(refused: list[Diagnostic], others: list[Diagnostic]) -> list[Diagnostic]:
    """All of `refused`, and the others where none of them explains the line."""
    lines = {one.line for one in refused}
    return [*refused, *(one for one in others if one.line not in lines)]


def _grabs(source: str, faults: Sequence[int]) -> Iterator[Use]:
    for at in faults:
        found = _GRAB.match(source, at)
        if found:
            yield at, found[0], _BY_CODE["grab"], "error"


def _names(every: list[tree.Node]) -> Iterator[str]:
    """What the script declares itself."""
    for node in every:
        match node:
            case tree.Declare(names=names):
                yield from names
            case tree.Assign(target=tree.Variable(name=name)) | tree.Parameter(name=name) | tree.FunctionDefinition(name=name):
                yield name
            case tree.ForIn(name=name):
                yield name
            case _:
                pass


def _uses(every: list[tree.Node], own: set[str]) -> Iterator[Use]:
    inner: set[int] = set()
    for node in every:
        at, name, area = _meant(node, own, inner)
        if area is not None:
            yield at, name, area, "warning" if isinstance(node, tree.Import) else "error"


def _outsiders(every: list[tree.Node], own: set[str], known: set[str]) -> Iterator[Use]:
    """Classes of other files, and the two sides of visual mode: names that stand nowhere, told by how they are used."""
    for node in every:
        match node:
            case tree.MethodCall(target=tree.Variable(at=at, name=name)) if name[:1].isupper() and name not in own | known:
                if name not in _CLASSES and not did_you_mean(name, known):
                    yield at, name, _BY_CODE["external-script"], "warning"
            case tree.Property(target=tree.Variable(at=at, name=name), name=tree.Constant(value="issue")) if name not in own | known:
                if not f"{name}.issue".startswith(_PACKAGES):
                    yield at, name, _BY_CODE["visual-mode"], "error"
            case _:
                pass


def _meant(node: tree.Node, own: set[str], inner: set[int]) -> tuple[int, str, Area | None]:
    """Where a name that the node uses begins, the name, and the area it belongs to."""
    match node:
        case tree.Import(at, name):
            return at, name, _of_package(name)
        case tree.New(at, name):
            last = name.rsplit(".", 1)[-1]
            return at, name, None if last in own else _of_package(name) or (_CLASSES.get(last) if "." not in name else None)
        case tree.Call(at, name):
            return at, name, None if name in own else _VARIABLES.get(name)
        case tree.Variable(at, name):
            return at, name, None if name in own else _VARIABLES.get(name) or _CLASSES.get(name)
        case tree.MethodCall(name=name):
            return _of_path(node, name, own, inner)
        case tree.Property(name=tree.Constant(value=str() as name)) if id(node) not in inner:
            return _of_path(node, name, own, inner)
        case _:
            return node.at, "", None


def _of_path(node: tree.MethodCall | tree.Property, name: str, own: set[str], inner: set[int]) -> tuple[int, str, Area | None]:
    """The area of `target.name`: by the package that the whole path names, or by a member in it."""
    parts = [name]
    at = node.target
    while isinstance(at, tree.Property) and isinstance(at.name, tree.Constant):
        inner.add(id(at))
        parts.append(str(at.name.value))
        at = at.target
    root = at.name if isinstance(at, tree.Variable) and at.name not in own else ""
    path = ".".join([root, *reversed(parts)]) if root else name
    area = (_of_package(path) if root else None) or _member(parts, root, called=isinstance(node, tree.MethodCall)) or _process(node, at)
    return at.at if root else node.at, path, area


def _member(parts: list[str], root: str, *, called: bool) -> Area | None:
    """The last part counts where it is called; the others where nothing but a member of that name can be meant."""
    last, *before = parts
    if called or root.endswith(("Helper", "Client")) or last in _REFLECTED:
        found = _MEMBERS.get(last)
        if found is not None:
            return found
    return next((_MEMBERS[one] for one in before if one in _REFLECTED or (root.endswith(("Helper", "Client")) and one in _MEMBERS)), None)


def _process(node: tree.MethodCall | tree.Property, start: tree.Expression) -> Area | None:
    """`"ls".execute()`, and the same of a list."""
    text = isinstance(start, tree.Constant | tree.Text | tree.ListLiteral)
    return _BY_CODE["process"] if text and isinstance(node, tree.MethodCall) and node.name == "execute" else None


def _of_package(name: str) -> Area | None:
    if name in UNDERSTOOD or name.endswith("Exception") or name.startswith(_UNDERSTOOD_STARTS):
        return None
    return next((area for area in AREAS if name.startswith(area.packages)), None) if "." in name else None
