"""What scripts for other engines reach for and rules do not offer, each with the way that is."""

from types import MappingProxyType

_PLATFORM = "ask the platform through nodeHelper and httpClient"
_TUPLE = "set issue.id and issue.key, then return, to connect to an existing item"
_PACKAGES = {
    "scala": f"Scala is not part of the language: use lists and maps, and {_TUPLE}",
    "play": "use httpClient for calls, JsonSlurper and JsonOutput for JSON",
    "akka": "use httpClient",
    "com.atlassian": f"{_PLATFORM}: the tracker's own Java classes cannot be reached",
    "com.atlassian.jira": f"{_PLATFORM}: the tracker's own Java classes cannot be reached",
    "com.onresolve": _PLATFORM,
    "com.google.inject": _PLATFORM,
    "javax.crypto": "a rule cannot encrypt; send only what may leave",
    "java.security": "a rule cannot encrypt; send only what may leave",
    "java.io": "a rule cannot read or write files; read fields and attachments of the item",
    "java.nio": "a rule cannot read or write files; use text.bytes and new String(bytes) for encodings",
    "java.net.http": "use httpClient",
    "java.lang.reflect": "there is no reflection; use properties and methods directly",
    "java.util.concurrent": "a rule runs alone and at once; call functions one after the other",
    "groovyx.net": "use httpClient",
    "groovy.sql": "use httpClient",
    "org.jsoup": "use nodeHelper.stripHtml, or replaceAll with a pattern",
    "org.apache": "use httpClient for calls, and the methods of texts and lists",
    "services": f"external scripts are not offered; {_PLATFORM}",
    "domain": f"external scripts are not offered; {_PLATFORM}",
    "jcloudnode": f"internals of the node are not offered; {_PLATFORM}",
    "sun": "internals of Java are not offered",
}
_NAMES = {
    "injector": f"internals of the node are not offered; {_PLATFORM}",
    "InjectorGetter": f"internals of the node are not offered; {_PLATFORM}",
    "SyncScriptContextService": f"internals of the node are not offered; {_PLATFORM}",
    "syncScriptContextService": f"internals of the node are not offered; {_PLATFORM}",
    "syncProjectPropertyService": f"internals of the node are not offered; {_PLATFORM}",
    "SyncProjectPropertyService": f"internals of the node are not offered; {_PLATFORM}",
    "ComponentAccessor": f"{_PLATFORM}: the tracker's own Java classes cannot be reached",
    "jiraProxyUser": f"credentials are not offered; {_PLATFORM}",
    "userAuthorization": f"credentials are not offered; {_PLATFORM}",
    "workflowUtil": "use workflowHelper.transition or issue.setStatus",
    "Await": "answers come at once; leave Await out",
    "JiraClient": "use httpClient",
    "AdoClient": "use httpClient",
    "ZdClient": "use httpClient",
    "GroovyHttpClient": "use httpClient",
    "HTTPBuilder": "use httpClient",
    "RESTClient": "use httpClient",
    "URL": "use httpClient for calls, new URI(...) to take an address apart",
    "HttpURLConnection": "use httpClient",
    "HttpClient": "use httpClient",
    "HttpRequest": "use httpClient",
    "Socket": "use httpClient",
    "Thread": "a rule runs alone and cannot wait; leave it out",
    "Runtime": "a rule cannot start programs",
    "ProcessBuilder": "a rule cannot start programs",
    "File": "a rule cannot read or write files",
    "FileReader": "a rule cannot read or write files",
    "FileWriter": "a rule cannot read or write files",
    "FileInputStream": "a rule cannot read or write files",
    "FileOutputStream": "a rule cannot read or write files",
    "Files": "a rule cannot read or write files",
    "Paths": "a rule cannot read or write files",
    "Path": "a rule cannot read or write files",
    "Class": "there is no reflection; use instanceof",
    "ClassLoader": "there is no reflection; use the classes of the library",
    "GroovyShell": "a rule cannot compile scripts; use functions and closures",
    "GroovyClassLoader": "a rule cannot compile scripts; use functions and closures",
    "Eval": "a rule cannot compile scripts; use functions and closures",
    "ScriptEngineManager": "a rule cannot compile scripts; use functions and closures",
    "Cipher": "a rule cannot encrypt; send only what may leave",
    "SecretKeySpec": "a rule cannot encrypt; send only what may leave",
    "KeyGenerator": "a rule cannot encrypt; send only what may leave",
    "SecretKey": "a rule cannot encrypt; send only what may leave",
    "Mac": "a rule cannot encrypt; send only what may leave",
    "MessageDigest": "compare the texts themselves, or text.hashCode()",
    "Jsoup": "use nodeHelper.stripHtml, or replaceAll with a pattern",
    "Log4j": "use log.info, log.warn, log.error",
    "XmlSlurper": "use JSON, or find() and findAll() with a pattern",
    "XmlParser": "use JSON, or find() and findAll() with a pattern",
    "Sql": "use httpClient",
    "Future": "answers come at once",
    "CompletableFuture": "answers come at once",
    "Executors": "a rule runs alone and at once",
    "TimeUnit": "a rule cannot wait",
    "metaClass": "there is no reflection; write a function",
    ".metaClass": "there is no reflection; write a function",
    ".getMetaClass": "there is no reflection; write a function",
    ".execute": "a rule cannot start programs; use httpClient for calls",
    ".toURL": "use httpClient for calls, new URI(...) to take an address apart",
    ".md5": "compare the texts themselves, or text.hashCode()",
    ".sha256": "compare the texts themselves, or text.hashCode()",
    ".digest": "compare the texts themselves, or text.hashCode()",
    ".invokeMethod": 'there is no reflection; write x."$name"()',
    ".getClassLoader": "there is no reflection; use the classes of the library",
    ".classLoader": "there is no reflection; use the classes of the library",
    ".forName": "there is no reflection; use the classes of the library",
    ".newInstance": "write new, with the class",
    ".getDeclaredField": "there is no reflection; use properties directly",
    ".getDeclaredMethod": "there is no reflection; call methods directly",
    ".evaluate": "a rule cannot compile scripts; use functions and closures",
    ".getCredentials": f"credentials are not offered; {_PLATFORM}",
    ".accessToken": f"credentials are not offered; {_PLATFORM}",
    ".getInjector": f"internals of the node are not offered; {_PLATFORM}",
    ".getOSGiComponentInstanceOfType": _PLATFORM,
    "Status": "external scripts are not offered; use issue.setStatus or workflowHelper.transition",
    "StatusSync": "external scripts are not offered; use issue.setStatus or workflowHelper.transition",
    "SubTaskSync": "external scripts are not offered; use nodeHelper.getLocalIssueFromRemoteId and issue.parentId",
    "IssueLinkSync": "external scripts are not offered; use issue.issueLinks = nodeHelper.mergeLinks(issue, replica)",
    "EpicSync": "external scripts are not offered; set the epic's field",
    "Epic": "external scripts are not offered; set the epic's field",
    "AgileSync": "external scripts are not offered; set the fields of sprint and epic",
    "VersionSync": "external scripts are not offered; use nodeHelper.createVersion",
    "ComponentSync": "external scripts are not offered; use nodeHelper.createComponent",
    "TempoWorkLogSync": "external scripts are not offered; use workLogHelper.mergeWorkLogs",
    "CreateIssue": "external scripts are not offered; set the properties of issue, then store(issue)",
    "UpdateIssue": "external scripts are not offered; set the properties of issue",
}
UNDERSTOOD = ("scala.Tuple2", "scala.collection.JavaConverters", "scala.collection.JavaConversions", "scala.collection.Seq")
"""Names inside refused packages that are offered all the same."""
REFUSED = MappingProxyType(_NAMES)
PACKAGES = MappingProxyType(_PACKAGES)
"""A rule may spell out a package; what it starts with decides."""


def instead_of(name: str) -> str | None:
    """What to write instead of a variable, class, `.method` or package that is not offered; None for any other name."""
    if name.startswith(UNDERSTOOD):
        return None
    if name.startswith("."):
        return _NAMES.get(name)
    parts = name.split(".")
    if len(parts) == 1:
        return _NAMES.get(name) or (_PACKAGES.get(name) if name in ("scala", "play", "akka", "services") else None)
    for count in range(len(parts), 0, -1):
        found = _PACKAGES.get(".".join(parts[:count]))
        if found is not None:
            return found
    return _NAMES.get(parts[-1])
