#!/bin/sh
# Make the certificates, passwords and users of a cluster, for compose.opensearch.yaml.
#
#     prepare.sh FOLDER [HOST...]
#
# FOLDER must not exist. Afterwards it has
#   tls/         ca.pem, and a certificate for all HOSTs (nodes) and one for the administrator
#   security/    roles and users of OpenSearch; the passwords in it are hashed
#   passwords.env    the passwords in plain text: keep it where only you can read it
# Needs openssl. HASH is a command that prints the bcrypt hash of its last argument; without it, the
# image of OpenSearch is run with docker.
set -eu

[ $# -ge 1 ] || { echo "usage: $0 FOLDER [HOST...]" >&2; exit 2; }
folder=$1
shift
[ -n "${1:-}" ] || set -- node1 node2 node3
[ ! -e "$folder" ] || { echo "$0: $folder exists; give a new name" >&2; exit 2; }
command -v openssl >/dev/null || { echo "$0: openssl is missing" >&2; exit 2; }
image=${IMAGE:-docker.io/opensearchproject/opensearch:2.19.1}
hash=${HASH:-docker run --rm --entrypoint plugins/opensearch-security/tools/hash.sh $image -p}
source=$(dirname -- "$0")

umask 077
mkdir -p "$folder/tls" "$folder/security"
names="DNS:localhost,IP:127.0.0.1"
for host; do names="$names,DNS:$host"; done

cd "$folder/tls"
openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/O=baocha/CN=CA" \
    -addext "basicConstraints=critical,CA:true" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout ca.key -out ca.pem 2>/dev/null
certify() { # name, then the extensions
    openssl req -newkey rsa:3072 -nodes -subj "/O=baocha/CN=$1" -keyout "$1.raw" -out "$1.csr" 2>/dev/null
    openssl pkcs8 -topk8 -nocrypt -in "$1.raw" -out "$1.key"  # the form that OpenSearch reads
    printf '%s\n' "$2" "basicConstraints=CA:false" "keyUsage=digitalSignature,keyEncipherment" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 1095 \
        -extfile "$1.ext" -out "$1.pem" 2>/dev/null
    rm -f "$1.raw" "$1.csr" "$1.ext"
}
certify node "subjectAltName=$names
extendedKeyUsage=serverAuth,clientAuth"
certify admin "extendedKeyUsage=clientAuth"
cd - >/dev/null

users=$folder/security/internal_users.yml
printf '_meta: {type: internalusers, config_version: 2}\n' >"$users"
for user in admin writer reader; do
    password=$(openssl rand -base64 33 | tr -d '/+=\n' | cut -c1-40)
    hashed=$($hash "$password" | tail -n 1)
    case $hashed in
        '$2'*) ;;
        *) echo "$0: no hash of a password: $hashed" >&2; exit 1 ;;
    esac
    printf '%s: {hash: "%s"}\n' "$user" "$hashed" >>"$users"
    printf '%s_PASSWORD=%s\n' "$(echo "$user" | tr '[:lower:]' '[:upper:]')" "$password" >>"$folder/passwords.env"
done
cp -- "$source/roles.yml" "$source/roles_mapping.yml" "$source/config.yml" "$folder/security/"
# The plugin wants these too; they change nothing.
printf '_meta: {type: actiongroups, config_version: 2}\n' >"$folder/security/action_groups.yml"
printf '_meta: {type: tenants, config_version: 2}\n' >"$folder/security/tenants.yml"
printf '_meta: {type: nodesdn, config_version: 2}\n' >"$folder/security/nodes_dn.yml"
# In a container, the nodes run as user 1000 and baocha as user 10001.
chmod -R go+rX "$folder/tls" "$folder/security"
chmod 600 "$folder/tls/ca.key" "$folder/tls/admin.key"
echo "$folder is ready. The passwords are in $folder/passwords.env."
