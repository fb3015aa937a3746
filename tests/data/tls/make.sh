#!/bin/sh
# Makes the certificates beside it anew. Needs openssl; README.md says what they are for.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# NAME OF-THE-AUTHORITY: an authority; its key is thrown away.
authority() {
    openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"
    openssl req -x509 -new -key "$work/$1.key" -sha256 -days 36500 -subj "/CN=$2" -out "$work/$1.pem" \
        -addext 'keyUsage=critical,keyCertSign'
}

# NAME AUTHORITY FOR UNTIL: a server's certificate.
server() {
    openssl req -new -key server.key -subj "/CN=wubu test $1" -out "$work/$1.csr"
    printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'extendedKeyUsage=serverAuth' "subjectAltName=$3" >"$work/ext"
    : >"$work/index"
    printf '%s\n' '[ca]' 'default_ca=x' '[x]' "database=$work/index" "new_certs_dir=$work" 'policy=p' \
        'default_md=sha256' 'rand_serial=yes' '[p]' 'commonName=supplied' >"$work/ca.cnf"
    openssl ca -batch -notext -config "$work/ca.cnf" -cert "$work/$2.pem" -keyfile "$work/$2.key" \
        -in "$work/$1.csr" -extfile "$work/ext" -startdate 20200101000000Z -enddate "$4" -out "$1.pem"
}

here='IP:127.0.0.1,DNS:localhost'
openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out server.key
authority ours 'wubu test authority'
authority other 'wubu test authority nobody trusts'
cp "$work/ours.pem" authority.pem
server good ours "$here" 21250101000000Z
server expired ours "$here" 20210101000000Z
server misnamed ours 'DNS:elsewhere.example' 21250101000000Z
server untrusted other "$here" 21250101000000Z
