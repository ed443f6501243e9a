#!/bin/sh
# A webhook over TLS: a certificate that nobody vouches for is refused, unless ca_file does, and then
# only for its own name.
. "${0%/*}/lib.sh"
. "$SOURCES/tests/e2e/notify.sh"
command -v openssl >/dev/null || skip_all 'needs openssl'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out certificate.pem \
    -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null || skip_all 'no certificate could be made'
cat key.pem certificate.pem >both.pem
receiver both.pem
sinks() { { printf 'store: tare.db\nnotify:\n'; cat; } >tare.yml; }
sinks <<EOF
  - {type: webhook, url: "https://localhost:$PORT/ok"}
EOF
fails_with 3 'a stranger is not told' tare notify test
printed 'and why is said' 'certificate.*ca_file names whom to trust'
told 'nothing reached it' 'len(r)' 0
sinks <<EOF
  - {type: webhook, url: "https://localhost:$PORT/ok", ca_file: certificate.pem}
EOF
succeeds 'one that ca_file vouches for is' tare notify test
told 'by TLS' 'len(r)' 1
sinks <<EOF
  - {type: webhook, url: "https://127.0.0.1:$PORT/ok", ca_file: certificate.pem}
EOF
fails_with 3 'under another name it is a stranger again' tare notify test
told 'and is not told' 'len(r)' 1
the_end
