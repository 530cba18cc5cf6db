# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# private-apt.sh - an apt with a state of its own, for other suites and other
# architectures: none of them gets into the host's package lists. apt checks the
# signatures.

# private_apt FOLDER ARCHITECTURE SOURCES SETTINGS: from now on the apt commands
# are about what the lines SOURCES hold; SETTINGS are lines for apt.conf.
private_apt() {
	local apt=$1/apt
	mkdir -p "$apt/lists/partial" "$apt/archives/partial"
	printf '%s\n' "$3" >"$apt/sources.list"
	cat >"$apt/apt.conf" <<-END
	Dir::State "$apt";
	Dir::State::status "/dev/null";
	Dir::Cache "$apt";
	Dir::Etc::SourceList "$apt/sources.list";
	Dir::Etc::SourceParts "/dev/null";
	Dir::Etc::Main "/dev/null";
	Dir::Etc::Parts "/dev/null";
	Dir::Etc::Preferences "/dev/null";
	Dir::Etc::PreferencesParts "/dev/null";
	APT::Architecture "$2";
	APT::Architectures { "$2"; };
	APT::Sandbox::User "root";
	$4
	END
	export APT_CONFIG=$apt/apt.conf
	apt-get update
}
