# A PostgreSQL server of our own for the tests. Sourced by scripts that set `scratch` (a folder that
# goes away at the end) and end our processes.

source "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

# The data of tests is thrown away, so nothing waits for the disk. A script that measures says otherwise.
postgres_settings=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)

# Prints the folder of the newest PostgreSQL's programs; Debian keeps them out of the PATH.
postgres_programs() {
    local initdb
    initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
    [[ -n $initdb ]] || initdb=$(command -v initdb) || return 1
    dirname "$(readlink -f "$initdb")"
}

# Installs Debian's PostgreSQL without the cluster that it would make and start as a service.
install_postgres() {
    local settings=/etc/postgresql-common/createcluster.conf installed=0
    echo "installing PostgreSQL"
    from_debian postgresql-common || return 1
    "${as_root[@]}" sed -i.waypost '$a create_main_cluster = false' "$settings"
    from_debian postgresql || installed=1
    "${as_root[@]}" mv "$settings.waypost" "$settings"
    return "$installed"
}

# Starts the server on a free port and exports WAYPOST_TEST_POSTGRES, a superuser's URL.
start_postgres() {
    local folder=$scratch/postgres user=nobody password try
    if ! postgres_bin=$(postgres_programs); then
        install_postgres && postgres_bin=$(postgres_programs) || {
            echo 'the tests need PostgreSQL: install it with `sudo apt install postgresql`' >&2
            return 1
        }
    fi
    postgres_as=(setpriv)
    # A superuser may run programs, and others may share this machine's loopback: so a password.
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    mkdir "$folder"
    (umask 077 && echo "$password" >"$folder/password")
    # PostgreSQL refuses to run as root, so root lends it to another user.
    if ((EUID == 0)); then
        if id postgres >/dev/null 2>&1; then user=postgres; fi
        chmod 711 "$scratch"
        chown -R "$user" "$folder"
        postgres_as+=("--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
    fi
    (cd "$folder" && "${postgres_as[@]}" "$postgres_bin/initdb" --pgdata=data --username=waypost \
        --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync) \
        >"$scratch/initdb.log" 2>&1 || { cat "$scratch/initdb.log" >&2; return 1; }
    for try in 1 2 3 4 5; do
        postgres_port=$((20000 + RANDOM % 12000))
        if run_postgres; then
            export WAYPOST_TEST_POSTGRES="postgres://waypost:$password@127.0.0.1:$postgres_port/postgres"
            return
        fi
    done
    cat "$scratch/postgres.log" >&2
    return 1
}

# Runs the server that start_postgres made; true once it is ready.
run_postgres() {
    local folder=$scratch/postgres
    # --pdeathsig ends the server even when this script is killed outright.
    (cd "$folder" && exec "${postgres_as[@]}" --pdeathsig=INT "$postgres_bin/postgres" -D data \
        -p "$postgres_port" -k "$folder" -c listen_addresses=127.0.0.1 -c max_connections=300 \
        "${postgres_settings[@]}") \
        </dev/null >>"$scratch/postgres.log" 2>&1 &
    postgres=$!
    wait_for_postgres "$postgres_bin" "$folder" "$postgres_port"
}

# True once it is ready, false if it ended, as it does where somebody else has the port. Asks
# through the socket, which nobody but our own server has.
wait_for_postgres() {
    local programs=$1 folder=$2 port=$3 try
    for ((try = 0; try < 300; try++)); do
        kill -0 "$postgres" 2>/dev/null || return 1
        "$programs/pg_isready" -q -h "$folder" -p "$port" && return
        sleep 0.1
    done
    return 1
}
