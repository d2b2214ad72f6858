"""Programs of Java, PHP and node under `bm-emulator run`, in each way that the language makes HTTP calls."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import COMMAND
from support.commands import CLEAN, Done, run

pytestmark = pytest.mark.socket
PATH = "bm.api.qcloud.com/v2/index.php?Action=DescribeRegions"
SCHEMES = ("https", "http")


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c a")  # a space needs quoting


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        assert not os.environ.get("EXPECT_LANGUAGES"), f"{program} should be here"
        pytest.skip(f"needs {program}")
    return found


def emulated(ca: Path, *words: str, **env: str) -> Done:
    return run(COMMAND, "run", "--ca-dir", str(ca), "--auth", "off", "--", *words, env={**CLEAN, **env})


JAVA = """
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.*;

public class Calls {
    public static void main(String[] urls) throws Exception {
        for (String url : urls) {
            try (InputStream in = new URL(url).openStream()) {
                System.out.println(new String(in.readAllBytes(), "UTF-8").startsWith("{\\"code\\":0"));
            }
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            String body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
            System.out.println(body.startsWith("{\\"code\\":0"));
        }
        System.out.println(System.getProperty("mine"));
    }
}
"""


@pytest.fixture
def java(tmp_path: Path) -> tuple[str, str]:
    """The words that run the program from its source."""
    source = tmp_path / "Calls.java"
    source.write_text(JAVA, encoding="utf-8")
    return needs("java"), str(source)


def test_java_by_both_of_its_http_clients(ca: Path, java: tuple[str, str]) -> None:
    done = emulated(ca, *java, *(f"{scheme}://{PATH}" for scheme in SCHEMES), JAVA_TOOL_OPTIONS="-Dmine=kept")
    assert done.stdout.split() == [*["true"] * 4, "kept"], done.stderr
    assert "4  DescribeRegions: 0" in done.stderr


def test_java_still_trusts_the_systems_authorities(ca: Path) -> None:
    needs("keytool")
    listing = "keytool -list -keystore trust.p12 -storepass changeit | grep -c trustedCertEntry"
    assert emulated(ca, "true").returncode == 0
    assert int(run("sh", "-c", f"cd '{ca}' && {listing}").stdout) > 50


PHP = """
foreach (array_slice($argv, 1) as $url) {
    $curl = curl_init($url);
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    $body = curl_exec($curl) ?: curl_error($curl);
    echo substr($body, 0, 9), "\\n";
}
echo ini_get('openssl.cafile'), "\\n", extension_loaded('curl') ? 'own settings' : '', "\\n";
"""


def test_php_by_curl_with_its_own_settings_kept(ca: Path) -> None:
    done = emulated(ca, needs("php"), "-r", PHP, "--", *(f"{scheme}://{PATH}" for scheme in SCHEMES))
    assert done.stdout.splitlines() == ['{"code":0', '{"code":0', str(ca / "bundle.pem"), "own settings"], done.stderr


NODE = """
const http = require('http'), https = require('https')
const path = '{PATH}'
const get = (module, url, options = {}) => new Promise((done, failed) => module.get(url, options, answer => {
  let text = ''
  answer.on('data', data => { text += data }).on('end', () => done(text))
}).on('error', failed))
const fetched = url => fetch(url).then(answer => answer.text())
const calls = {
  https: () => get(https, 'https://' + path),
  'own agent': () => get(https, 'https://' + path, { agent: new https.Agent({ keepAlive: true }) }),
  http: () => get(http, 'http://' + path),
  'fetch https': () => fetched('https://' + path),
  'fetch http': () => fetched('http://' + path),
  'this machine': () => get(http, process.env.BM_EMULATOR_ENDPOINT + '/_emulator/health'),
  'fetch from this machine': () => fetched(process.env.BM_EMULATOR_ENDPOINT + '/_emulator/health'),
  'another host': () => get(https, 'https://example.com/').catch(error => error.message),
  'fetch from another host': () => fetched('https://example.com/').catch(error => error.cause.message)
}
;(async () => {
  for (const [name, call] of Object.entries(calls)) console.log(name, '=', (await call()).slice(0, 1000).split(',')[0])
  process.exit(0)
})()
""".replace("{PATH}", PATH)


def test_node_by_https_http_and_fetch(ca: Path) -> None:
    done = emulated(ca, needs("node"), "-e", NODE, NODE_OPTIONS="--no-deprecation")
    told = dict(line.split(" = ", 1) for line in done.stdout.splitlines())
    api = ["https", "own agent", "http", "fetch https", "fetch http"]
    assert [told.get(name) for name in api] == ['{"code":0'] * len(api), done.stdout + done.stderr
    assert told["this machine"] == told["fetch from this machine"] == '{"status":"ok"}'
    assert "403" in told["another host"]
    assert "fetch from another host" in told
    assert "5  DescribeRegions: 0" in done.stderr


def test_plain_http_reaches_the_emulator(ca: Path) -> None:
    done = emulated(ca, "curl", "-sS", f"http://{PATH}")
    assert done.stdout.startswith('{"code":0'), done.stderr
    refused = emulated(ca, "curl", "-sS", "http://example.com/")
    assert "example.com is none of the emulated hosts" in refused.stdout
    tunnelled = emulated(ca, "curl", "-sS", "--proxytunnel", f"http://{PATH}")
    assert tunnelled.stdout.startswith('{"code":0'), tunnelled.stderr
