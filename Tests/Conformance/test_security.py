"""TLS and SASL/PLAIN: who gets in, who does not, and what they are told."""

import re
import shutil
import socket
import ssl
import stat
import struct
import subprocess
import time
import uuid
from pathlib import Path

import pytest

from support import rest, secure, wire
from support.records import Batch
from support.secure import Login, Refused, jaas, make_key
from support.wait import until

pytestmark = pytest.mark.process

SASL_HANDSHAKE, SASL_AUTHENTICATE = 17, 36
SASL_AUTHENTICATION_FAILED, UNSUPPORTED_SASL_MECHANISM, ILLEGAL_SASL_STATE = 58, 33, 34
EVERY_CLIENT = pytest.mark.parametrize("round_trip", secure.CLIENTS.values(), ids=secure.CLIENTS)
BOTH_PROTOCOLS = pytest.mark.parametrize("protocol", ["SASL_SSL", "SASL_PLAINTEXT"])


def address(server, protocol, cluster="lkc-source") -> str:
    return server.ready.clusters[cluster]["bootstrap"][protocol]


@pytest.fixture(scope="module")
def key(twinlog):
    return make_key(twinlog)


@pytest.fixture(scope="module")
def authority(twinlog, key) -> str:
    """Made with the first API key."""
    return str(twinlog.data / "pki" / "ca.pem")


@pytest.fixture
def login(twinlog, key, authority):
    """Makes the right way in: login(protocol)."""
    def make(protocol) -> Login:
        ca = authority if protocol == "SASL_SSL" else None
        return Login(address(twinlog, protocol), protocol, *key, ca=ca)
    return make


# -- real clients ------------------------------------------------------------------------------------------------------


@EVERY_CLIENT
@BOTH_PROTOCOLS
def test_right_key(round_trip, protocol, login, source):
    """A client with an API key produces and consumes."""
    value = uuid.uuid4().hex.encode()
    assert round_trip(login(protocol), source.topic(), value) == value


@EVERY_CLIENT
@BOTH_PROTOCOLS
def test_wrong_secret(round_trip, protocol, login, source, twinlog):
    """A wrong secret is refused as an authentication failure, late, and logged without the secret."""
    wrong = "wrong" + uuid.uuid4().hex
    started = time.monotonic()
    with pytest.raises(Refused, match=r"(?i)authentication|username or password"):
        round_trip(login(protocol).but(secret=wrong), source.topic(), b"x")
    assert time.monotonic() - started >= 0.1, "a failed log-in has to cost time"
    assert twinlog.alive
    log = twinlog.log.read_text(errors="replace")
    assert wrong not in log
    assert login(protocol).key in log, "the operator has to see who was refused"


@BOTH_PROTOCOLS
def test_key_of_another_cluster(protocol, login, source, twinlog):
    """A key opens the cluster it was made for and no other."""
    elsewhere = login(protocol).but(bootstrap=address(twinlog, protocol, "lkc-dest"))
    with pytest.raises(Refused, match=r"(?i)authentication|username or password"):
        secure.confluent(elsewhere, source.topic(), b"x")


# librdkafka has no setting for the version.
@pytest.mark.parametrize("round_trip", [secure.kafka_python, secure.aiokafka_client], ids=["kafka-python", "aiokafka"])
@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_tls_versions(round_trip, version, login, source):
    """TLS 1.2 and 1.3 both work."""
    value = uuid.uuid4().hex.encode()
    assert round_trip(login("SASL_SSL").but(tls=version), source.topic(), value) == value


@EVERY_CLIENT
def test_unknown_authority(round_trip, login, source):
    """A client that does not trust our authority refuses to speak to us."""
    with pytest.raises((Refused, ssl.SSLError)):
        round_trip(login("SASL_SSL").but(ca=None), source.topic(), b"x")


@EVERY_CLIENT
def test_names_in_the_certificate(round_trip, login, source):
    """The certificate is good for localhost as well as for the address."""
    here = login("SASL_SSL")
    port = here.bootstrap.rsplit(":", 1)[1]
    value = uuid.uuid4().hex.encode()
    assert round_trip(here.but(bootstrap=f"localhost:{port}"), source.topic(), value) == value


def test_other_names(twinlog, authority):
    """A host name that the certificate does not hold is told apart."""
    host, port = address(twinlog, "SASL_SSL").rsplit(":", 1)
    context = ssl.create_default_context(cafile=authority)
    with socket.create_connection((host, int(port)), 10) as plain:
        with pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(plain, server_hostname="kafka.example.com")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_tls(twinlog, authority):
    """TLS 1.1 is refused."""
    host, port = address(twinlog, "SASL_SSL").rsplit(":", 1)
    context = ssl.create_default_context(cafile=authority)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((host, int(port)), 10) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="localhost")


# -- hanging up --------------------------------------------------------------------------------------------------------


def secure_connection(login) -> wire.Connection:
    """A connection over SASL_SSL that has logged in."""
    here = login("SASL_SSL")
    connection = wire.Connection(here.bootstrap)
    context = ssl.create_default_context(cafile=here.ca)
    connection.socket = context.wrap_socket(connection.socket, server_hostname="localhost")
    assert connection.call(SASL_HANDSHAKE, 1, wire.string("PLAIN")).i16() == 0
    assert connection.call(SASL_AUTHENTICATE, 1, wire.blob(token(here.key, here.secret))).i16() == 0
    return connection


def produce_frames(connection, topic, count, acks) -> bytes:
    body = connection.produce_body(topic, 0, Batch([b"x"]).encode(), acks=acks)
    head = struct.pack(">hhi", wire.PRODUCE, 8, 1) + wire.string("hasty")
    return (struct.pack(">i", len(head) + len(body)) + head + body) * count


def say_goodbye(secure_socket):
    secure_socket.unwrap()


def close_without_a_word(secure_socket):
    secure_socket.close()


def end_one_direction(secure_socket):
    secure_socket.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("hang_up", [say_goodbye, close_without_a_word, end_one_direction])
def test_hang_up_over_tls(hang_up, login, source):
    """What was sent before the client hung up is stored over TLS as well, with and without its word of farewell"""
    topic, count = source.topic(), 10_000
    with source.connect() as reader, secure_connection(login) as sender:
        sender.socket.sendall(produce_frames(sender, topic, count, acks=0))
        hang_up(sender.socket)
        until(lambda: reader.list_offset(topic, 0, -1)[2] == count, "every record is stored")


def test_end_of_one_direction_over_tls(login, source):
    """A TLS client that sends no more gets its answers all the same"""
    topic, count = source.topic(), 3_000
    with secure_connection(login) as sender:
        sender.socket.sendall(produce_frames(sender, topic, count, acks=1))
        # Not SSLSocket's own, which forgets its keys.
        socket.socket.shutdown(sender.socket, socket.SHUT_WR)
        for _ in range(count):
            sender.receive()


@pytest.mark.skipif(shutil.which("kcat") is None, reason="kcat is not installed")
def test_kcat_over_tls(login, source):
    """kcat without acknowledgements closes as soon as everything is sent"""
    topic, count, here = source.topic(), 10_000, login("SASL_SSL")
    options = {
        "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN", "sasl.username": here.key,
        "sasl.password": here.secret, "ssl.ca.location": here.ca, "acks": "0"}
    arguments = [text for name, value in options.items() for text in ("-X", f"{name}={value}")]
    subprocess.run(
        ["kcat", "-P", "-b", here.bootstrap, "-t", topic, "-p", "0", *arguments],
        input=b"".join(b"%d\n" % index for index in range(count)), check=True, timeout=60)
    with source.connect() as reader:
        until(lambda: reader.list_offset(topic, 0, -1)[2] == count, "every record is stored")


# -- on the wire -------------------------------------------------------------------------------------------------------


@pytest.fixture
def stranger(twinlog):
    with wire.Connection(address(twinlog, "SASL_PLAINTEXT")) as connection:
        yield connection


@pytest.mark.parametrize("key", [0, 1, 3, 10, 19, 32, 36, 60])
def test_strangers_are_cut_off(key, stranger):
    """Before the log-in anything but ApiVersions and SaslHandshake ends the connection."""
    stranger.send(key, 0, b"")
    with pytest.raises(wire.Closed):
        stranger.receive()


def test_unknown_mechanism(stranger):
    """Another mechanism is answered with error 33 and the one there is."""
    answer = stranger.call(SASL_HANDSHAKE, 1, wire.string("SCRAM-SHA-512"))
    assert answer.i16() == UNSUPPORTED_SASL_MECHANISM
    assert answer.array(answer.string) == ["PLAIN"]


def token(key, secret) -> bytes:
    return b"\0" + key.encode() + b"\0" + secret.encode()


def test_failed_login_on_the_wire(stranger):
    """A failed log-in is answered with error 58 in Kafka's words, and then the connection ends."""
    assert stranger.call(SASL_HANDSHAKE, 1, wire.string("PLAIN")).i16() == 0
    answer = stranger.call(SASL_AUTHENTICATE, 1, wire.blob(token("NOBODY", "x")))
    assert answer.i16() == SASL_AUTHENTICATION_FAILED
    assert answer.string() == "Authentication failed: Invalid username or password"
    stranger.send(SASL_HANDSHAKE, 1, wire.string("PLAIN"))
    with pytest.raises(wire.Closed):
        stranger.receive()


def test_failed_login_leaves_time_to_read_why(stranger):
    """The end of the stream does not come with the answer: a client that saw both at once would miss the reason."""
    assert stranger.call(SASL_HANDSHAKE, 1, wire.string("PLAIN")).i16() == 0
    assert stranger.call(SASL_AUTHENTICATE, 1, wire.blob(token("NOBODY", "x"))).i16() == SASL_AUTHENTICATION_FAILED
    answered = time.monotonic()
    assert stranger.socket.recv(1) == b"", "the connection ends although the client does nothing"
    assert time.monotonic() - answered >= 0.5


def test_bare_tokens(stranger, key):
    """After SaslHandshake version 0 the token travels as a bare frame, and so does the empty answer."""
    assert stranger.call(SASL_HANDSHAKE, 0, wire.string("PLAIN")).i16() == 0
    stranger.send_bytes(wire.blob(token(*key)))
    assert stranger.socket.recv(4, socket.MSG_WAITALL) == struct.pack(">i", 0)
    assert stranger.metadata([]).cluster_id == "lkc-source"


def test_wrong_bare_token(stranger, key):
    """A wrong bare token just ends the connection."""
    assert stranger.call(SASL_HANDSHAKE, 0, wire.string("PLAIN")).i16() == 0
    stranger.send_bytes(wire.blob(token(key[0], "x")))
    assert stranger.socket.recv(4) == b""


def test_renewed_login(stranger, key):
    """A connection can log in again as the same user, and not as another (KIP-368)."""
    for _ in range(2):
        assert stranger.call(SASL_HANDSHAKE, 1, wire.string("PLAIN")).i16() == 0
        assert stranger.call(SASL_AUTHENTICATE, 1, wire.blob(token(*key))).i16() == 0
        assert stranger.metadata([]).cluster_id == "lkc-source"


def test_sasl_without_need(source):
    """On the PLAINTEXT listener SASL is an illegal state, and the connection goes on."""
    with source.connect() as connection:
        assert connection.call(SASL_HANDSHAKE, 1, wire.string("PLAIN")).i16() == ILLEGAL_SASL_STATE
        assert connection.call(SASL_AUTHENTICATE, 1, wire.blob(b"")).i16() == ILLEGAL_SASL_STATE
        assert connection.metadata([]).cluster_id == "lkc-source"


def test_many_strangers(twinlog, login, source):
    """While many wrong log-ins wait for their answers, a right one is served."""
    waiting = []
    for _ in range(50):
        connection = wire.Connection(address(twinlog, "SASL_PLAINTEXT"))
        assert connection.call(SASL_HANDSHAKE, 1, wire.string("PLAIN")).i16() == 0
        connection.send(SASL_AUTHENTICATE, 1, wire.blob(token("NOBODY", "x")))
        waiting.append(connection)
    with wire.Connection(address(twinlog, "SASL_PLAINTEXT")) as connection:
        right = login("SASL_PLAINTEXT")
        assert connection.call(SASL_HANDSHAKE, 1, wire.string("PLAIN")).i16() == 0
        assert connection.call(SASL_AUTHENTICATE, 1, wire.blob(token(right.key, right.secret))).i16() == 0
    for connection in waiting:
        answer = connection.receive()
        answer.i32()
        assert answer.i16() == SASL_AUTHENTICATION_FAILED
        connection.socket.close()


@pytest.mark.parametrize("noise", [b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x0a\0\x12\0\0\0\0\0\1\xff\xff", b"\x16\x03\x01", b""])
def test_noise_on_the_tls_listener(noise, twinlog, login, source):
    """What is no TLS does not disturb the TLS listener."""
    host, port = address(twinlog, "SASL_SSL").rsplit(":", 1)
    with socket.create_connection((host, int(port)), 10) as plain:
        plain.sendall(noise)
    value = uuid.uuid4().hex.encode()
    assert secure.kafka_python(login("SASL_SSL"), source.topic(), value) == value


# -- files -------------------------------------------------------------------------------------------------------------


def test_files(own_server, key):
    """Keys on disk belong to their owner alone; the secret of an API key is nowhere; both survive a restart."""
    server = own_server()
    pki = server.data / "pki"
    assert not pki.exists(), "certificates were made before anybody could use them"
    key, secret = make_key(server)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in pki.iterdir()} == dict.fromkeys(
        ["ca.pem", "ca-key.pem", "server.pem", "server-key.pem"], 0o600)
    files = [path for path in server.data.rglob("*") if path.is_file()]
    assert not [path for path in files if secret.encode() in path.read_bytes()]
    before = {path.name: path.read_bytes() for path in pki.iterdir()}
    server.restart()
    assert {path.name: path.read_bytes() for path in pki.iterdir()} == before
    login = Login(address(server, "SASL_SSL"), "SASL_SSL", key, secret, ca=str(pki / "ca.pem"))
    assert secure.confluent(login, server.source.topic(), b"still in") == b"still in"
    assert secret not in server.log.read_text(errors="replace")


def test_ephemeral(own_server, tmp_path):
    """Without a data directory the certificate is to be had over HTTP."""
    server = own_server(ephemeral=True)
    answer = rest.request("GET", f"{server.http}/twinlog/v1/ca")
    assert answer.ok and "BEGIN CERTIFICATE" in answer.body
    authority = tmp_path / "ca.pem"
    authority.write_text(answer.body)
    login = Login(address(server, "SASL_SSL"), "SASL_SSL", *make_key(server), ca=str(authority))
    assert secure.confluent(login, server.source.topic(), b"in memory") == b"in memory"


def test_own_certificate(own_server, tmp_path):
    """The user's own certificate is shown when it is given, and a wrong one stops the start with one line."""
    first = own_server()
    make_key(first)
    pki = first.data / "pki"
    server = own_server("--tls-certificate", str(pki / "server.pem"), "--tls-key", str(pki / "server-key.pem"),
                        "--tls-ca", str(pki / "ca.pem"))
    assert not (server.data / "pki").exists()
    login = Login(address(server, "SASL_SSL"), "SASL_SSL", *make_key(server), ca=str(pki / "ca.pem"))
    assert secure.confluent(login, server.source.topic(), b"own") == b"own"
    for options, words in [
        (["--tls-certificate", str(pki / "server.pem")], "tls-key"),
        (["--tls-certificate", str(pki / "server.pem"), "--tls-key", str(tmp_path / "none")], "does not exist"),
        (["--tls-certificate", str(pki / "ca.pem"), "--tls-key", str(pki / "server-key.pem")], "belong together"),
        (["--tls-certificate", str(pki / "server-key.pem"), "--tls-key", str(pki / "server-key.pem")], "certificate"),
    ]:
        with pytest.raises(AssertionError, match=words):
            own_server(*options)


# -- links -------------------------------------------------------------------------------------------------------------


def link_configs(twinlog, key, secret, protocol="SASL_SSL") -> dict[str, str]:
    """What the console offers for a Java client, as the exercise pastes it."""
    return {"bootstrap.servers": address(twinlog, protocol), "security.protocol": protocol, "sasl.mechanism": "PLAIN",
            "sasl.jaas.config": jaas(key, secret), "client.dns.lookup": "use_all_dns_ips",
            "session.timeout.ms": "45000", "acks": "all"}


def create_link(twinlog, name, configs):
    return twinlog.rest(twinlog.dest).call("POST", "/links", {
        "source_cluster_id": "lkc-source",
        "configs": [{"name": name, "value": value} for name, value in configs.items()]}, link_name=name)


@BOTH_PROTOCOLS
def test_link(protocol, twinlog, key, source, dest):
    """A link logs in with a Java client's configuration, copies, and never shows the secret again."""
    name, topic = f"secure-{uuid.uuid4().hex[:8]}", source.topic()
    answer = create_link(twinlog, name, link_configs(twinlog, *key, protocol))
    assert answer.ok, answer
    api = twinlog.rest(dest)
    assert api.create_mirror(name, topic).ok
    with source.connect() as connection:
        connection.produce(topic, 0, wire.records.Batch([b"over the link"]).encode())
    api.wait_for_lag_zero(name, topic, {0: 1})
    assert [batch.count for batch in dest.batches(topic, 0)] == [1]
    link = api.get(f"/links/{name}")
    assert (link.body["link_state"], link.body["link_error"]) == ("ACTIVE", "NO_ERROR")
    configs = api.get(f"/links/{name}/configs")
    assert key[1] not in str(configs.body) and key[1] not in str(link.body)
    row = next(row for row in configs.body["data"] if row["name"] == "sasl.jaas.config")
    assert (row["value"], row["is_sensitive"]) == (None, True)
    assert key[1] not in twinlog.log.read_text(errors="replace")


def test_link_with_wrong_key(twinlog, key, source, dest):
    """A wrong key stops the creation of a link, and shows as AUTHENTICATION_ERROR on one that exists."""
    name, wrong = f"locked-{uuid.uuid4().hex[:8]}", "wrong" + uuid.uuid4().hex
    answer = create_link(twinlog, name, link_configs(twinlog, key[0], wrong))
    assert not answer.ok and "Authentication failed" in answer.body["message"]
    assert create_link(twinlog, name, link_configs(twinlog, *key)).ok
    api = twinlog.rest(dest)
    assert api.alter_link(name, **{"sasl.jaas.config": jaas(key[0], wrong)}).ok
    link = until(lambda: (found := api.get(f"/links/{name}").body)["link_error"] != "NO_ERROR" and found, "an error")
    assert link["link_error"] == "AUTHENTICATION_ERROR"
    assert "Authentication failed" in link["link_error_message"]
    assert wrong not in str(link) and wrong not in twinlog.log.read_text(errors="replace")
    assert api.alter_link(name, **{"sasl.jaas.config": jaas(*key)}).ok
    until(lambda: api.get(f"/links/{name}").body["link_state"] == "ACTIVE", "the link to recover")


@pytest.mark.parametrize("change, words", [
    ({"sasl.jaas.config": "nonsense"}, "sasl.jaas.config"),
    ({"sasl.mechanism": "SCRAM-SHA-256"}, "SCRAM-SHA-256"),
    ({"ssl.truststore.type": "PEM", "ssl.truststore.location": "/does/not/exist.pem"}, "/does/not/exist.pem"),
    ({"ssl.endpoint.identification.algorithm": "ldaps"}, "ldaps"),
])
def test_link_configs_are_checked(change, words, twinlog, key):
    """What a link cannot work with is said when it is made."""
    answer = create_link(twinlog, f"bad-{uuid.uuid4().hex[:8]}", {**link_configs(twinlog, *key), **change})
    assert not answer.ok
    assert words in answer.body["message"] and key[1] not in answer.body["message"]


def pkcs12(certificate, path) -> str:
    """A truststore as Java's keytool makes it, or OpenSSL."""
    if shutil.which("keytool"):
        command = ["keytool", "-importcert", "-noprompt", "-alias", "ca", "-file", certificate, "-keystore", path,
                   "-storetype", "PKCS12", "-storepass", "changeit"]
    else:
        command = ["openssl", "pkcs12", "-export", "-nokeys", "-in", certificate, "-out", path, "-passout",
                   "pass:changeit"]
    subprocess.run(command, check=True, capture_output=True)
    return str(path)


def test_link_to_a_foreign_authority(twinlog, own_server, dest, tmp_path):
    """A link trusts what its configs name: a file in PEM or PKCS #12, or PEM in place; without them it refuses."""
    other = own_server()
    certificate = str(other.data / "pki" / "ca.pem")
    configs = link_configs(other, *make_key(other))
    stores = {
        "pem": {"ssl.truststore.type": "PEM", "ssl.truststore.location": certificate},
        "inline": {"ssl.truststore.type": "PEM", "ssl.truststore.certificates": Path(certificate).read_text()},
        "line": {"ssl.truststore.type": "PEM",
                 "ssl.truststore.certificates": Path(certificate).read_text().replace("\n", "\\n")},
        "pkcs12": {"ssl.truststore.type": "PKCS12", "ssl.truststore.password": "changeit",
                   "ssl.truststore.location": pkcs12(certificate, tmp_path / "trust.p12")},
    }
    answer = create_link(twinlog, f"foreign-{uuid.uuid4().hex[:8]}", configs)
    assert not answer.ok and "not trusted" in answer.body["message"]
    wrong = {**stores["pkcs12"], "ssl.truststore.password": "changed"}
    answer = create_link(twinlog, f"foreign-{uuid.uuid4().hex[:8]}", {**configs, **wrong})
    assert not answer.ok and "password" in answer.body["message"] and "changed" not in answer.body["message"]
    for kind, store in stores.items():
        name, topic = f"foreign-{kind}-{uuid.uuid4().hex[:8]}", other.source.topic()
        assert create_link(twinlog, name, {**configs, **store}).ok, kind
        with other.source.connect() as connection:
            connection.produce(topic, 0, wire.records.Batch([b"from elsewhere"]).encode())
        api = twinlog.rest(dest)
        assert api.create_mirror(name, topic).ok
        api.wait_for_lag_zero(name, topic, {0: 1})


def test_link_to_an_unknown_host(twinlog, key, dest):
    """A host without an address is UNRESOLVABLE_BOOTSTRAP_ERROR."""
    name = f"lost-{uuid.uuid4().hex[:8]}"
    assert create_link(twinlog, name, link_configs(twinlog, *key)).ok
    api = twinlog.rest(dest)
    assert api.alter_link(name, **{"bootstrap.servers": "no-such-host.invalid:9093"}).ok
    link = until(lambda: (found := api.get(f"/links/{name}").body)["link_error"] != "NO_ERROR" and found, "an error")
    assert link["link_error"] == "UNRESOLVABLE_BOOTSTRAP_ERROR"


# -- the command line --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", ["java", "librdkafka", "python", "kcat"])
def test_client_config(client, twinlog, key, source, tmp_path):
    """The command prints a configuration that works as it is."""
    run = twinlog.cli("kafka", "cluster", "client-config", "lkc-source", "--client", client, "--api-key", key[0],
                      "--api-secret", key[1])
    assert run.returncode == 0, run.stderr
    topic = source.topic()
    if client == "python":
        names = {}
        exec(run.stdout, names)
        settings = names["config"]
    else:
        lines = [line for line in run.stdout.splitlines() if line and not line.startswith("#")]
        settings = dict(line.split("=", 1) for line in lines)
    if client == "java":
        assert settings["security.protocol"] == "SASL_SSL" and settings["ssl.truststore.type"] == "PEM"
        configs = {**settings, "bootstrap.servers": address(twinlog, "SASL_SSL")}
        assert create_link(twinlog, f"java-{uuid.uuid4().hex[:8]}", configs).ok
    else:
        login = Login(settings["bootstrap.servers"], settings["security.protocol"], settings["sasl.username"],
                      settings["sasl.password"], ca=settings["ssl.ca.location"])
        assert login.key == key[0]
        assert secure.confluent(login, topic, b"configured") == b"configured"


def test_client_config_without_key(twinlog):
    """Without a key there are places to fill in."""
    run = twinlog.cli("kafka", "cluster", "client-config", "lkc-source", "--client", "java")
    assert run.returncode == 0, run.stderr
    assert re.search(r"username='{{ CLUSTER_API_KEY }}' password='{{ CLUSTER_API_SECRET }}';", run.stdout)
