"""`HTTPS=1` and `NETWORK=1`: an own certificate authority, so that phones nearby can take part.

Camera and position work on secure pages only, so plain http is never offered to the network.
"""

import datetime as dt
import ipaddress
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app import clock

_CA_LIFE: Final = dt.timedelta(days=3650)
#: Apple's limit for certificates that a person has trusted by hand.
_CERTIFICATE_LIFE: Final = dt.timedelta(days=800)
_SLACK: Final = dt.timedelta(hours=1)
_PORT: Final = 8765


def with_local_network(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with both switches turned into settings; a given `MALL_*` wins.

    Side effects: makes the authority and a certificate in the instance folder when missing.
    """
    is_network = environ.get("NETWORK", "") == "1"
    if not is_network and environ.get("HTTPS", "") != "1":
        return dict(environ)
    address = own_address() if is_network else "127.0.0.1"
    folder = Path(environ.get("MALL_INSTANCE_DIR", "instance")).resolve() / "tls"
    ca_file, certificate, key = make_certificate(folder, address)
    host = "0.0.0.0" if is_network else "127.0.0.1"  # noqa: S104 - Asked for by NETWORK=1.
    listen = environ.get("MALL_LISTEN", f"{host}:{_PORT}")
    given = {
        "MALL_LISTEN": listen,
        "MALL_PUBLIC_URL": f"https://{address}:{listen.rpartition(':')[2]}",
        "MALL_TLS_CERTIFICATE": str(certificate),
        "MALL_TLS_KEY": str(key),
        "MALL_TLS_CA": str(ca_file),
    }
    return given | dict(environ)


def own_address() -> str:
    """Return this machine's address in its network, or loopback. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket only chooses a route; 192.0.2.1 is reserved for examples.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def make_certificate(folder: Path, address: str) -> tuple[Path, Path, Path]:
    """Return the files of the authority, of the server's certificate and of its key.

    Missing ones are made.

    Args:
        folder: Where they are kept, readable by the owner only.
        address: IP address that the certificate is for; another address makes another certificate.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    ca_file, ca_key_file = folder / "ca.pem", folder / "ca.key"
    if not ca_file.exists() or not ca_key_file.exists():
        _make_ca(ca_file, ca_key_file)
    name = address.replace(":", "-")
    certificate, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    if not certificate.exists() or not key_file.exists():
        _make_server_certificate(ca_file, ca_key_file, certificate, key_file, address)
    return ca_file, certificate, key_file


def _make_ca(ca_file: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mallrun on this computer")])
    now = clock.now()
    usage = _usage(signs_certificates=True)
    certificate = (
        _builder(name, name, key, now, _CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_file, key)
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _make_server_certificate(
    ca_file: Path, ca_key_file: Path, certificate: Path, key_file: Path, address: str
) -> None:
    ca = x509.load_pem_x509_certificate(ca_file.read_bytes())
    ca_key = serialization.load_pem_private_key(ca_key_file.read_bytes(), password=None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        message = f"{ca_key_file} is not one of ours; delete the folder {ca_key_file.parent}"
        raise TypeError(message)
    key = ec.generate_private_key(ec.SECP256R1())
    names = [
        x509.IPAddress(ipaddress.ip_address(address)),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.DNSName("localhost"),
    ]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    made = (
        _builder(subject, ca.subject, key, clock.now(), _CERTIFICATE_LIFE)
        .add_extension(x509.SubjectAlternativeName(list(dict.fromkeys(names))), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write_key(key_file, key)
    chain = made.public_bytes(serialization.Encoding.PEM) + ca_file.read_bytes()
    certificate.write_bytes(chain)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + life)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    content = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
