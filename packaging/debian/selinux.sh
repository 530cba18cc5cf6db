# SELinux's policy module. Where SELinux is not in use, nothing happens: README.Debian
# says how to load it later.

selinux_in_use() {
	[ -e /sys/fs/selinux/enforce ] && command -v semodule >/dev/null
}

load_module() {
	selinux_in_use || return 0
	if ! semodule -i /usr/share/selinux/packages/audisp_pvm.pp ||
		! restorecon -Ri /usr/sbin/audisp-pvm /run/audit \
			/var/lib/audisp-pvm; then
		echo "audisp-pvm: SELinux's module audisp_pvm is not loaded;" \
			"see README.Debian" >&2
	fi
}

unload_module() {
	selinux_in_use && semodule -l | grep -qx audisp_pvm || return 0
	semodule -r audisp_pvm ||
		echo "audisp-pvm: SELinux's module audisp_pvm stays loaded" >&2
}
