#!/bin/sh
# Makes the test authority and its certificate for hooks.example, good for a hundred years. Run it in this folder's
# `certificates`; its output is committed, so that tests need no openssl.
set -eu
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=Review Engine test authority" \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" -keyout authority.key -out authority.pem
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=hooks.example" -keyout receiver.key -out receiver.csr
printf 'subjectAltName=DNS:hooks.example\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n' > extensions
openssl x509 -req -in receiver.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 36500 \
    -extfile extensions -out receiver.pem
cat receiver.key >> receiver.pem
rm -f authority.key authority.srl receiver.csr receiver.key extensions
