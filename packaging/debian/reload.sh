# When auditd reloads, it restarts a plugin whose file has changed, and ends one
# whose file is gone. auditd's request for a reload comes back to it in audit's own
# stream, so under load it takes a while, and is dropped when the stream overflows at
# that moment.

# Does a plugin run whose file is gone?
outdated() {
	readlink /proc/[0-9]*/exe |
		grep -qxF '/usr/sbin/audisp-pvm (deleted)'
}

# Returns whether none does within so many seconds.
wait_for_end() {
	end=$(($(date +%s) + $1))
	while outdated; do
		[ "$(date +%s)" -lt $end ] || return 1
		sleep 0.2
	done
}

# In unstable, with auditd 4.2, the init script looks for auditd's pid in /run, but the
# unit has it in /run/audit: the script's reload signals nobody and succeeds. A
# policy that forbids the reload is obeyed.
request_reload() {
	invoke-rc.d --quiet --disclose-deny auditd reload || return 1
	if [ ! -e /run/auditd.pid ] && [ -s /run/audit/auditd.pid ]; then
		kill -HUP "$(cat /run/audit/auditd.pid)" || :
	fi
}

# reload_auditd HINT
reload_auditd() {
	for _ in 1 2 3; do
		outdated || return 0
		request_reload || :
		! wait_for_end 20 || return 0
	done
	echo "audisp-pvm: the old plugin still runs; $1" >&2
}

# end_plugin HINT: auditd 4.2 keeps all plugins at a reload when one's program is
# missing. Told to end, the plugin first records what it has; then auditd does not
# find the program, and gives up after some tries.
end_plugin() {
	outdated || return 0
	if request_reload && ! wait_for_end 20; then
		for exe in /proc/[0-9]*/exe; do
			pid=${exe#/proc/}
			[ "$(readlink "$exe")" != \
				'/usr/sbin/audisp-pvm (deleted)' ] ||
				kill -TERM "${pid%/exe}" || :
		done
		wait_for_end 20 || :
	fi
	! outdated || echo "audisp-pvm: the old plugin still runs; $1" >&2
}
