# For the checks beside it, which source it from the root of the checkout: Podman with a storage, a state and settings of its own (that of the
# machine, if there is one, is not touched), under $work, and images made of Debian packages. Packages that it installs stay; all else is
# gone when the check ends.
set -euo pipefail

step() { printf '%s %s\n' "$(date +%T)" "$1"; }

# Ends the check with 77 where it cannot be made; what does the same elsewhere is said, too.
#   can_run ELSEWHERE
can_run() {
  local lacks=
  [ -e /etc/debian_version ] && command -v apt-get >/dev/null || lacks="it makes its images of Debian packages, so it needs Debian."
  [ "$(id -u)" = 0 ] || lacks="it installs packages, makes a root file system and runs containers, so it needs root."
  [ -z "$lacks" ] || { printf '%s\n' "Skipped: $lacks" "$1" >&2; exit 77; }
}

#   packages NAME…
packages() {
  local missing=() package
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  step "Installing ${missing[*]}"
  apt-get update -q >/dev/null || true # what the machine knows of packages may do
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
}

# Sets work, and points podman there.
#   own_podman cni|netavark
own_podman() {
  work=$(mktemp -d /var/tmp/vigie-containers.XXXXXX)
  own_bridge=/sys/class/net/cni-podman0
  [ ! -e "$own_bridge" ] || own_bridge=
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  mkdir -p "$work/state/networks"
  # Processes and threads count for a user of the machine, whom containers share that run as the same one.
  cat >"$work/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=8192:8192"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
lock_type = "file"
tmp_dir = "$work/state/libpod"
[network]
network_backend = "$1"
network_config_dir = "$work/state/networks"
END
  cat >"$work/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/state/storage"
END
  # Health checks are asked for by the check: timers of systemd for them may not be there.
  export CONTAINERS_CONF="$work/containers.conf" CONTAINERS_STORAGE_CONF="$work/storage.conf" DISABLE_HC_SYSTEMD=true
}

# What a check stops besides containers, it stops in at_end.
at_end() { :; }
clean_up() {
  at_end
  podman rm --all --force --time 0 >/dev/null 2>&1 || true
  podman pod rm --all --force >/dev/null 2>&1 || true
  podman network ls --quiet 2>/dev/null | grep -vx podman | xargs -r podman network rm >/dev/null 2>&1 || true
  # The storage mounts itself, so that nothing else holds on to its layers.
  umount --quiet "$work/storage/overlay" 2>/dev/null || true
  [ -z "$own_bridge" ] || [ ! -e "$own_bridge" ] || ip link delete "$(basename "$own_bridge")"
  rm -rf --one-file-system "$work"
}

# An image of Debian's smallest set of packages and these; before it is taken, `prepare ROOT` may change its files.
#   debian_image NAME [PACKAGE,…]
debian_image() {
  local suite mirror
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
    sed -n "s/^$suite //p" | head -n 1)
  [ -n "$mirror" ] || { echo "apt knows no source of $suite: see /etc/apt/sources.list" >&2; exit 1; }
  mkdir -p "$work/packages"
  debootstrap --variant=minbase --cache-dir="$work/packages" ${2:+--include="$2"} "$suite" "$work/root" "$mirror" >"$work/debootstrap.log" ||
    { tail -n 5 "$work/debootstrap.log" >&2; exit 1; }
  prepare "$work/root"
  tar -C "$work/root" --one-file-system -c . | podman import --quiet - "$1" >/dev/null
  rm -rf --one-file-system "$work/root"
}
prepare() { :; }

# A Java's files alone: Debian's are links to elsewhere, some of them to nowhere.
#   copy_java HOME FOLDER
copy_java() {
  mkdir -p "$2"
  (cd "$1" && find -L . -type f -not -path './jmods/*' -print0 | tar --null -T - -ch) | tar -x -C "$2"
}

# Sets jars and postgres: what the one-machine stack runs Kafka and PostgreSQL of.
stack_jars() {
  ./vigie --help >/dev/null
  jars=$(tr : '\n' <stack/target/classpath | grep '\.jar$')
  postgres=$(grep '/embedded-postgres-binaries-' <<<"$jars")
  jars=$(grep -v '/embedded-postgres-binaries-' <<<"$jars")
}
