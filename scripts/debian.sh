# Installs programs that the tests need from Debian, as root or by sudo without a password. Sourced.

# `from_debian PACKAGE…`; fails where nobody may. `as_root` is then what goes before a command.
from_debian() {
    as_root=()
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null && as_root=(sudo -n) || return 1
    fi
    command -v apt-get >/dev/null || return 1
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y)
    "${apt[@]}" update >/dev/null && "${apt[@]}" install "$@" >/dev/null
}
