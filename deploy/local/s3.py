"""S3Proxy 3.1: the S3 interface over a folder of files."""

from __future__ import annotations

import urllib.request

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from deploy.local.configuration import Local
from deploy.local.probes import TIMEOUT_SECONDS
from deploy.local.server import Place, Server

LOGGING = """\
<configuration>
  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %-5level %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="console"/></root>
</configuration>
"""


def settings(local: Local, data: str) -> str:
    """The web page (`origins`, regular expressions) puts parts straight into the store and reads their ETag."""
    return f"""\
s3proxy.endpoint=http://{local.address("s3")}
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity={local.given.s3_key}
s3proxy.credential={local.given.s3_secret}
s3proxy.ignore-unknown-headers=true
s3proxy.v4-max-non-chunked-request-size=134217728
s3proxy.cors-allow-origins={" ".join(local.origins).replace(chr(92), chr(92) * 2)}
s3proxy.cors-allow-methods=GET PUT POST HEAD DELETE
s3proxy.cors-allow-headers=*
s3proxy.cors-exposed-headers=ETag
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir={data}
jclouds.identity=unused
jclouds.credential=unused
"""


def command(place: Place) -> list[str]:
    data = place.folder / "data"
    data.mkdir(exist_ok=True)
    configuration = place.write("s3proxy.conf", settings(place.local, str(data)))
    logging = place.write("logback.xml", LOGGING)
    classes = ["-cp", f"{place.library}/*", "org.gaul.s3proxy.Main", "--properties", str(configuration)]
    return place.java(f"-Dlogback.configurationFile={logging}", *classes)


def ready(local: Local) -> None:
    """The store lists its buckets for our key: it accepts signatures, not only connections."""
    url = f"http://{local.address('s3')}/"
    request = AWSRequest("GET", url)
    S3SigV4Auth(Credentials(local.given.s3_key, local.given.s3_secret), "s3", "us-east-1").add_auth(request)
    signed = urllib.request.Request(url, headers=dict(request.headers))
    urllib.request.urlopen(signed, timeout=TIMEOUT_SECONDS).close()


S3 = Server(name="s3", ports=("s3",), command=command, ready=ready)
