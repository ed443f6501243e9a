#!/usr/bin/env python3
"""verify.py SECRET <requests: what docs/notifications.md tells receivers to do, for each request.

Prints "signed", "unsigned" or "forged" for each; the standard library is all it needs.
"""

import hashlib
import hmac
import json
import sys

secret = sys.argv[1].encode()
for line in sys.stdin:
    request = json.loads(line)
    headers = request["headers"]
    if "tare-signature" not in headers:
        print("unsigned")
        continue
    signed = headers["tare-timestamp"].encode() + b"." + request["body"].encode()
    wanted = "v1=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
    print("signed" if hmac.compare_digest(wanted, headers["tare-signature"]) else "forged")
