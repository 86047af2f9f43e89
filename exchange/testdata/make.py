#!/usr/bin/env python3
"""Makes the exports of other programs that the tests read: by Python's cryptography and by libsodium, so that what
the readers open was not sealed by themselves. Needs python3-cryptography (44 or later) and libsodium23.

Every program gets the same clients as far as it can hold them. The passwords are PASSWORD; the settings of the key
derivations are low where the format leaves them open, because the tests open each file thousands of times."""
import base64, ctypes, ctypes.util, hashlib, hmac, json, struct
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.padding import PKCS7

PASSWORD = "Árvíztűrő 12".encode()
b64 = lambda b: base64.b64encode(b).decode()


def noise(name, n):
    """Bytes that are the same each time."""
    return hashlib.shake_256(name.encode()).digest(n)


def write(name, data):
    if not isinstance(data, (bytes, str)):
        data = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    open(name, "wb").write(data if isinstance(data, bytes) else data.encode())


PORTAL = "Ügyfélkapu+"
# kind, name, service, secret, algorithm, digits, period or counter, folder, note, favourite
CLIENTS = [
    ("totp", "Kovács & Társa Kft.", PORTAL, "JBSWY3DPEHPK3PXP", "SHA1", 6, 30, "Kft-k", "Kedden hív.\n„fontos”", True),
    ("totp", "Őrség, \"Zöld\" Bt.", "Bank", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "SHA256", 8, 60, "Bt-k", "", False),
    ("hotp", "Szabó_Zrt.", PORTAL, "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U", "SHA512", 7, 41, "Kft-k", "", False),
    ("steam", "gyuri", "Steam", "KRUGKIDROVUWG2ZAMJZG653O", "SHA1", 5, 30, "", "", False),
    ("totp", "Kovács & Társa Kft.", PORTAL, "ONSWG4TFOQQGWZLZ", "SHA1", 6, 30, "", "", False),
    ("totp", "Rossz kulcs Kft.", PORTAL, "A1B0", "SHA1", 6, 30, "", "", False),
    ("totp", "Sok jegy Kft.", PORTAL, "NBSWY3DPEB3W64TM", "SHA1", 99, 30, "", "", False),
    ("totp", "Nulla időablak Kft.", PORTAL, "NBSWY3DPEB3W64TM", "SHA1", 6, 0, "", "", False),
    ("hotp", "Mínusz Kft.", PORTAL, "NBSWY3DPEB3W64TM", "SHA1", 6, -1, "", "", False),
    ("totp", "Hosszú kulcs Kft.", PORTAL, "A" * 1100, "SHA1", 6, 30, "", "", False),
    ("totp", "Üres kulcs Kft.", PORTAL, "", "SHA1", 6, 30, "", "", False),
    ("totp", "", "", "NBSWY3DPEB3W64TM", "SHA1", 6, 30, "", "", False),
]
FOLDERS = {"Kft-k": "0c8d6a1e-0001", "Bt-k": "0c8d6a1e-0002"}


def uri(c):
    from urllib.parse import quote
    kind, name, service, secret, algorithm, digits, number, *_ = c
    label = quote(service + ":" + name) if service else quote(name)
    which = "counter" if kind == "hotp" else "period"
    return f"otpauth://{kind}/{label}?secret={secret}&issuer={quote(service)}&algorithm={algorithm}&digits={digits}&{which}={number}"


def gcm(key, nonce, plain, about=None):
    return AESGCM(key).encrypt(nonce, plain, about)


# Aegis
entries = []
for kind, name, service, secret, algorithm, digits, number, folder, note, favourite in CLIENTS:
    info = {"secret": secret, "algo": algorithm, "digits": digits, "counter" if kind == "hotp" else "period": number}
    entries.append({"type": kind, "uuid": "e", "name": name, "issuer": service, "note": note, "favorite": favourite,
                    "icon": None, "info": info, "groups": [FOLDERS[folder]] if folder else []})
entries.append({"type": "motp", "name": "Más fajta", "issuer": "X", "info": {"secret": "e3152afee62599c8", "algo": "MD5", "digits": 6, "period": 10, "pin": "1234"}})
entries.append({"type": "totp", "name": 7, "issuer": "Nem szöveg a neve", "info": {"secret": "NBSWY3DPEB3W64TM"}})
entries.append("nem bejegyzés")
db = {"version": 3, "entries": entries, "groups": [{"uuid": u, "name": n} for n, u in FOLDERS.items()], "icons_optimized": True}
write("aegis.json", {"version": 1, "header": {"slots": None, "params": None}, "db": db})


def slot(password, n, master, which):
    salt, nonce = noise("aegis salt" + which, 32), noise("aegis nonce" + which, 12)
    box = gcm(hashlib.scrypt(password, salt=salt, n=n, r=8, p=1, dklen=32, maxmem=1 << 28), nonce, master)
    return {"type": 1, "uuid": which, "key": box[:-16].hex(), "key_params": {"nonce": nonce.hex(), "tag": box[-16:].hex()},
            "n": n, "r": 8, "p": 1, "salt": salt.hex(), "repaired": True, "is_backup": False}


master, nonce = noise("aegis master", 32), noise("aegis db", 12)
box = gcm(master, nonce, json.dumps(db).encode())
write("aegis-encrypted.json", {"version": 1, "header": {
    "slots": [{"type": 2, "uuid": "finger", "key": "00", "key_params": {"nonce": "00", "tag": "00"}},
              slot(b"the backup's own", 16, master, "b"), slot(PASSWORD, 32, master, "a")],
    "params": {"nonce": nonce.hex(), "tag": box[-16:].hex()}}, "db": b64(box[:-16])})

# 2FAS
services = []
for kind, name, service, secret, algorithm, digits, number, folder, *_ in CLIENTS:
    otp = {"account": name, "label": name, "issuer": service, "digits": digits, "algorithm": algorithm,
           "tokenType": kind.upper(), "source": "Link", "counter" if kind == "hotp" else "period": number}
    services.append({"name": service, "secret": " ".join(secret[i:i + 4] for i in range(0, len(secret), 4)),
                     "updatedAt": 1, "otp": otp, "order": {"position": 0}} | ({"groupId": FOLDERS[folder]} if folder else {}))
services.append({"name": "Átnevezett Kft.", "secret": "JBSWY3DPEHPK3PXP", "otp": {"account": "atnevezett", "issuer": PORTAL, "tokenType": "TOTP"}})
services.append({"name": "Kézzel felvett Kft.", "secret": "PEHPK3PXJBSWY3DP", "otp": {"source": "Manual"}})
head = {"updatedAt": 1, "schemaVersion": 4, "appVersionCode": 5000009, "appVersionName": "5.1.0", "appOrigin": "android",
        "groups": [{"id": u, "name": n, "isExpanded": True} for n, u in FOLDERS.items()]}
write("2fas.json", {"services": services} | head)
salt = noise("2fas salt", 256)
key = hashlib.pbkdf2_hmac("sha256", PASSWORD, salt, 10000)
def three(name, plain):
    iv = noise(name, 12)
    return ":".join(map(b64, (gcm(key, iv, plain), salt, iv)))
write("2fas-encrypted.json", {"services": [], "servicesEncrypted": three("2fas iv", json.dumps(services).encode()),
                              "reference": three("2fas reference", b"a known text")} | head | {"schemaVersion": 3})

# andOTP
items = []
for kind, name, service, secret, algorithm, digits, number, folder, *_ in CLIENTS:
    items.append({"secret": secret, "issuer": service, "label": name, "digits": digits, "type": kind.upper(), "algorithm": algorithm,
                  "thumbnail": "Default", "last_used": 0, "used_frequency": 0, "tags": [folder, "x"] if folder else [],
                  "counter" if kind == "hotp" else "period": number})
items.append({"secret": "PEHPK3PXJBSWY3DP", "label": "Bank - Bank:Régi Kft.", "digits": 6, "type": "TOTP", "algorithm": "SHA1", "tags": []})
write("andotp.json", json.dumps(items, ensure_ascii=False))
plain = json.dumps(items).encode()
salt, nonce = noise("andotp salt", 12), noise("andotp nonce", 12)
write("andotp.bin", struct.pack(">i", 1000) + salt + nonce + gcm(hashlib.pbkdf2_hmac("sha1", PASSWORD, salt, 1000, 32), nonce, plain))
nonce = noise("andotp old", 12)
write("andotp-old.bin", nonce + gcm(hashlib.sha256(PASSWORD).digest(), nonce, plain))

# Bitwarden
items = []
for n, c in enumerate(CLIENTS):
    kind, name, service, secret, algorithm, digits, number, folder, note, favourite = c
    totp = "steam://" + secret if kind == "steam" else secret if n == 4 else uri(c)
    items.append({"id": "i", "organizationId": None, "folderId": FOLDERS.get(folder), "type": 1, "name": name, "notes": note or None,
                  "favorite": favourite, "fields": [{"name": "header", "value": "x", "type": 0}], "collectionIds": None,
                  "login": {"uris": None, "username": "kp-" + str(n), "password": "portal password", "totp": totp or None}})
items += [
    {"type": 1, "name": "Kód nélkül", "login": {"username": "x", "password": "portal password", "totp": None}},
    {"type": 2, "name": "Jegyzet", "notes": "x", "secureNote": {"type": 0}},
    {"type": 3, "name": "Kártya", "card": {"number": "4111111111111111"}},
    {"type": 1, "name": "Kukában", "deletedDate": "2026-01-01T00:00:00Z", "login": {"totp": "JBSWY3DPEHPK3PXP"}},
    {"type": 1, "name": "Más link", "login": {"totp": "https://example.com/totp"}},
]
vault = {"encrypted": False, "folders": [{"id": u, "name": n} for n, u in FOLDERS.items()], "items": items}
write("bitwarden.json", vault)


def bitwarden(name, key, settings):
    expand = lambda purpose: HKDFExpand(hashes.SHA256(), 32, purpose).derive(key)

    def sealed(which, plain):
        iv, pad = noise(name + which, 16), PKCS7(128).padder()
        text = Cipher(algorithms.AES(expand(b"enc")), modes.CBC(iv)).encryptor().update(pad.update(plain) + pad.finalize())
        return "2." + "|".join(map(b64, (iv, text, hmac.digest(expand(b"mac"), iv + text, "sha256"))))
    write(name, {"encrypted": True, "passwordProtected": True, "salt": b64(noise("bitwarden", 16))} | settings |
          {"encKeyValidation_DO_NOT_EDIT": sealed("validation", b"d3b07384-d113-4ec6"), "data": sealed("data", json.dumps(vault).encode())})


salt = b64(noise("bitwarden", 16)).encode()
bitwarden("bitwarden-pbkdf2.json", hashlib.pbkdf2_hmac("sha256", PASSWORD, salt, 5000), {"kdfType": 0, "kdfIterations": 5000})
bitwarden("bitwarden-argon2.json", Argon2id(salt=hashlib.sha256(salt).digest(), length=32, iterations=2, lanes=4, memory_cost=1024).derive(PASSWORD),
          {"kdfType": 1, "kdfIterations": 2, "kdfMemory": 1, "kdfParallelism": 4})
write("bitwarden-account.json", {"encrypted": True, "encKeyValidation_DO_NOT_EDIT": "2.AA==|AA==|AA==", "folders": [],
                                 "items": [{"type": 1, "name": "2.AA==|AA==|AA==", "login": {"totp": "2.AA==|AA==|AA=="}}]})

# FreeOTP+
tokens = []
for kind, name, service, secret, algorithm, digits, number, *_ in CLIENTS:
    try:
        secret = [b - 256 if b > 127 else b for b in base64.b32decode(secret)]
    except ValueError:
        continue  # it keeps bytes
    tokens.append({"algo": algorithm, "counter": number if kind == "hotp" else 0, "digits": digits, "issuerExt": service, "issuerInt": service,
                   "label": name, "period": 30 if kind == "hotp" else number, "secret": secret, "type": "HOTP" if kind == "hotp" else "TOTP"})
tokens.append(tokens[0] | {"labelAlt": "Átnevezett Kft.", "issuerAlt": "Kapu"})
write("freeotp.json", {"tokenOrder": [t["issuerExt"] + ":" + t["label"] for t in tokens], "tokens": tokens})

# Proton Authenticator
entries = []
for c in CLIENTS:
    content = {"uri": "steam://" + c[3] if c[0] == "steam" else uri(c), "entry_type": "Steam" if c[0] == "steam" else "Totp", "name": c[1]}
    entries.append({"id": "e", "content": content, "note": c[8] or None})
write("proton.json", {"version": 1, "entries": entries})
salt, nonce = noise("proton salt", 16), noise("proton nonce", 12)
key = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19 * 1024).derive(PASSWORD)
write("proton-encrypted.json", {"version": 1, "salt": b64(salt),
                                "content": b64(nonce + gcm(key, nonce, json.dumps({"version": 1, "entries": entries}).encode(), b"proton.authenticator.export.v1"))})

# Ente Auth, by libsodium: its stream and its Argon2id. The header is random, so these files are new each time.
sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
assert sodium.sodium_init() >= 0
size_t, ull = ctypes.c_size_t, ctypes.c_ulonglong


def push(key, plain, tag):
    state, header = ctypes.create_string_buffer(64), ctypes.create_string_buffer(24)
    sodium.crypto_secretstream_xchacha20poly1305_init_push(state, header, key)
    out = ctypes.create_string_buffer(len(plain) + 17)
    sodium.crypto_secretstream_xchacha20poly1305_push(state, out, None, plain, ull(len(plain)), None, ull(0), ctypes.c_ubyte(tag))
    return header.raw, out.raw


salt, memory, passes = noise("ente", 16), 1 << 20, 2
key = ctypes.create_string_buffer(32)
assert sodium.crypto_pwhash(key, ull(32), PASSWORD, ull(len(PASSWORD)), salt, ull(passes), size_t(memory), 2) == 0
header, text = push(key.raw, open("ente.txt", "rb").read(), 3)
write("ente-encrypted.json", {"version": 1, "kdfParams": {"memLimit": memory, "opsLimit": passes, "salt": b64(salt)},
                              "encryptedData": b64(text), "encryptionNonce": b64(header)})

# Chunks of every remainder, of all four tags: tag, key, header, chunk, text.
lines = []
for n in list(range(34)) + [64, 127, 1000]:
    for tag in range(4):
        key, plain = noise("stream" + str(n), 32), noise("text" + str(n), n)
        header, text = push(key, plain, tag)
        lines.append(" ".join([str(tag)] + [x.hex() or "-" for x in (key, header, text, plain)]))
write("secretstream.txt", "\n".join(lines) + "\n")
