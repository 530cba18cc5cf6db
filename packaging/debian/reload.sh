# When auditd reloads, it restarts a plugin whose file has changed, and ends one
# whose file is gone. auditd's request for a reload comes back to it in audit's own
# stream, so under load it takes a while, and is dropped when the stream overflows at
# that moment.

# Does a plugin run whose file is gone?
outdated() {
	readlink /proc/[0-9]*/exe |
		grep -qxF '/usr/sbin/audisp-pvm (deleted)'
}

# In unstable, with auditd 4.2, the init script looks for auditd's pid in /run, but the
# unit has it in /run/audit: the script's reload signals nobody and succeeds. A
# policy that forbids the reload is obeyed.
request_reload() {
	invoke-rc.d --quiet --disclose-deny auditd reload || return 0
	if [ ! -e /run/auditd.pid ] && [ -s /run/audit/auditd.pid ]; then
		kill -HUP "$(cat /run/audit/auditd.pid)" || :
	fi
}

# reload_auditd HINT
reload_auditd() {
	for _ in 1 2 3; do
		outdated || return 0
		request_reload
		end=$(($(date +%s) + 20))
		while outdated && [ "$(date +%s)" -lt $end ]; do
			sleep 0.2
		done
	done
	! outdated || echo "audisp-pvm: the old plugin still runs; $1" >&2
}
