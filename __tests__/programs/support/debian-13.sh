#!/bin/sh
# usage: debian-13.sh FOLDER PACKAGE...
#
# Downloads packages of Debian 13 with all that they need, by apt and Debian's keys, and unpacks them below FOLDER/root
# without installing anything. What is there already is kept.
set -eu
folder=$1
shift
if [ -e "$folder/packages" ] && [ "$(cat "$folder/packages")" = "$*" ]; then exit 0; fi
rm -rf "$folder"
mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial" "$folder/root"
touch "$folder/state/status"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keys] http://deb.debian.org/debian trixie main" >"$folder/sources.list"
cat >"$folder/apt.conf" <<END
Dir::State "$folder/state";
Dir::State::status "$folder/state/status";
Dir::Cache "$folder/cache";
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "-";
APT::Sandbox::User "root";
END
export APT_CONFIG="$folder/apt.conf"
apt-get update -qq
apt-get install -qq -y --no-install-recommends --download-only "$@" >/dev/null
for package in "$folder"/cache/archives/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
rm -rf "$folder/state" "$folder/cache"
echo "$*" >"$folder/packages"
