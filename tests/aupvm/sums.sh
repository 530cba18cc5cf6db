# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # check has OUT, aupvm and kept
#
# sums.sh - of any log, every output has the same calls and bytes

# keep_log LOG: for check_sums and who asks by $LOGS, once.
keep_log() {
	local sum
	[[ -f $1 && -s $1 ]] || return 0
	mkdir -p "$kept"
	sum=$(cksum <"$1")
	[[ -e $kept/${sum// /-} ]] || cp "$1" "$kept/${sum// /-}"
}

# printed_for LOG OPTION...: whatever the status is.
printed_for() {
	"$aupvm" -if "$@" 2>/dev/null || :
}

# What each output of a log has in all, as "CALLS BYTES"; conditions may follow
# the log. Sizes such as 1.6K have been rounded, and are given as they are.
sums_of_csv() {
	printed_for "$@" --format csv | awk -F, '
		{ gsub(/"([^"]|"")*"/, "x") }
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$1 != "lost" { calls += $at["count"]; bytes += $at["bytes"] }
		END { printf "%.0f %.0f\n", calls, bytes }'
}

sums_of_json() {
	printed_for "$@" --format json | tee -a "$OUT/objects" | awk '
		function take(name) {
			match($0, "\"" name "\":[0-9]+")
			return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
		}
		!/^\{"kind":"lost"/ { calls += take("count"); bytes += take("bytes") }
		END { printf "%.0f %.0f\n", calls, bytes }'
}

size='
	function size(text, at) {
		at = index("KMGTPE", substr(text, length(text)))
		return at ? substr(text, 1, length(text) - 1) * 1024 ^ at : text + 0
	}'

# Each list of the summary that has all calls, and its head.
sums_of_summary() {
	printed_for "$@" --summary | awk "$size"'
		function end() {
			if (list != "FAILURE" && list != "")
				printf "%.0f %.0f\n", calls, bytes
			calls = bytes = 0
		}
		/^calls:/ { calls = $2 + 0; list = "head" }
		/^reads:/ {
			gsub(/[(),]|B\)/, "")
			bytes = size($3) + size($6)
		}
		/^ +CALLS / { end(); list = $6 }
		/^ *[0-9]+ +[0-9]+ +[0-9]+ / { calls += $1; bytes += size($4) + size($5) }
		END { end() }'
}

sums_of_graph() {
	printed_for "$@" --graph | awk -F '"' "$size"'
		/edges with fewer calls are left out/ { cut = 1 }
		/ -> n[0-9]+ \[/ {
			calls += $2
			if (match($2, /, [0-9.]+[KMGTPE]?B$/))
				bytes += size(substr($2, RSTART + 2, RLENGTH - 3))
		}
		END { if (!cut) printf "%.0f %.0f\n", calls, bytes }'
}

# Without a call there is nothing to draw, and of what is no log no picture.
sums_of_timeline() {
	printed_for "$@" --timeline | awk "$size"'
		/^<title>/ {
			gsub(/^<title>|B transferred.*/, "")
			printf "%.0f %.0f\n", $1, size($3)
			found = 1
		}
		/>no calls</ { print "0 0"; found = 1 }
		END { if (!found) print NR ? "no sums" : "0 0" }'
}

# same_sums LOG [CONDITION...]: calls as they are; bytes but for what rounding
# takes.
same_sums() {
	local want
	want=$(sums_of_csv "$@")
	{
		sums_of_json "$@"
		sums_of_timeline "$@"
		sums_of_summary "$@"
		sums_of_graph "$@"
	} | awk -v want="$want" '
		BEGIN { split(want, w, " ") }
		{
			lines++
			off = $2 > w[2] ? $2 - w[2] : w[2] - $2
			if ($1 != w[1] || off > (lines > 1) * 0.06 * w[2]) {
				print "line " lines ": " $0 " instead of " want
				bad = 1
			}
		}
		END { exit bad || lines < 2 }'
}

# Where a part of a folded record can be asked for.
sums_of_parts() {
	! grep -qa ' rshare=' "$1" ||
		{ same_sums "$1" --into exec && same_sums "$1" --into heap; }
}

# Of every log that a test above has had, and of the others that are here.
check_sums() {
	local each nr=0
	for each in "$kept"/* ../*/*.log; do
		nr=$((nr + 1))
		{ same_sums "$each" && sums_of_parts "$each"; } >"$OUT/sums" &&
			continue
		cp "$each" "$OUT/log"
		check "sums: $(head -n 1 "$each" | tr -cd ' -~' | cut -c 1-60)" eval \
			"cat $OUT/sums; false"
	done
	check "schema: each object of these logs is as it says" \
		./validate "$OUT/schema" <"$OUT/objects"
	check "sums: each output of $nr logs has all calls and bytes" \
		test "$nr" -gt 100
}
