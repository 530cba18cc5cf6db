# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # check has OUT and log
#
# show.sh - each output, of one log that has all there is, and of one whose
# names are hostile; and each way of choosing calls

# One of each kind: a read, a write in two parts, a denied one, one with a key
# and a user of its own, folded ones, a call without a record, a lost one.
log_of_all() {
	start 1
	call 2
	title 2 gdb -p 42 "--eval-command=x/8xb 0x7f0000001000" ""
	record 3 2
	call 4 311
	title 4 "'tis" "it's so"
	record 5 4 part=1/2 writev
	record 6 4 part=2/2 writev
	call 7 310 -1 65534 | sed 's/ subj=[^ ]*/ subj=\/usr\/bin\/dd (enforce)/; s/ euid=0/ euid=1000/'
	title 7 "$(printf 'x%.0s' {1..128})"
	user 8 "op=process_vm_readv event=$(id 7) uid=65534 suid=65534 spid=8 stid=9 sauid=1000 comm=\"dd\" exe=\"/usr/bin/dd\" abi=i386 $target exit=-1 rlen=4096 riovcnt=3 riov=0x1000:4096,0x2000:0,0x3000:0 rmap=/usr/lib/libstdc++.so.6+0x1000:r-xp,[stack]:rw-p,none llen=4096 liovcnt=1 liov=0x4000:4096 vmflags=0x0 src=kernel"
	call 10 310 8 0 '"gdb"' '"pvm-read"' 5
	title 10 gdb -p 42
	call 11 | sed 's/ tty=pts1/ tty=pts2/'
	title 11 gdb -p 42
	fold 12 2 10 11 10-11
	call 13 310 -3 1000
	lost 14 feed 1 13 13
	call 15
	title 15 $'\e[31m\xff"<&>'
	call 500000 44
}

show_formats() {
	log_of_all >"$log"
	prints "table" 0 <want/table
	prints "--format table" 0 --format table <want/table
	prints "--format text" 0 --format text <want/text
	prints "--format csv" 0 --format csv <want/csv
	prints "--format json" 0 --format json <want/json
	prints "--summary" 0 --summary <want/summary
	prints "--graph" 0 --graph <want/graph
	prints "--timeline" 0 --timeline <want/timeline
}

# Escapes for the terminal, quotes and markup of every format, a formula, a
# newline, a backslash; in hex, as audit writes them.
hex() {
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F
}

log_of_hostile() {
	local name
	name=$(hex $'=\e[31m"<&>\n,\\\'\xc3\xa9')
	node=$'node=ho\e[31mst '
	start 1
	call 2 310 8 0 "$name" "$name"
	user 3 "op=process_vm_readv event=$(id 2) key=$name uid=0 suid=0 spid=7 sauid=1000 comm=$name exe=$name opid=42 ocomm=$name oexe=$name ouid=0 oauid=0 oses=3 ostart=1 rel=other exit=8 $vectors"
	call 4 310 8 0 "$name" "$name"
	node=
}

no_odd_bytes() {
	! LC_ALL=C grep -n '[^ -~]' "$OUT/out"
}

show_hostile() {
	local format
	log_of_hostile >"$log"
	for format in table text csv json; do
		run -if "$log" --format "$format"
		check "hostile names: --format $format has no odd bytes" \
			no_odd_bytes
	done
	for format in summary graph verify; do
		run -if "$log" "--$format"
		check "hostile names: --$format has no odd bytes" \
			eval "tr -d '\t' <$OUT/out >$OUT/o; mv $OUT/o $OUT/out; no_odd_bytes"
	done
	prints "hostile names: text" 0 --format text <want/hostile.text
	prints "hostile names: csv" 0 --format csv <want/hostile.csv
	prints "hostile names: json" 0 --format json <want/hostile.json
	prints "hostile names: graph" 0 --graph <want/hostile.graph
	check "hostile names: Graphviz draws it" dot -Tsvg -o "$OUT/svg" "$OUT/out"
}

# ---- the whole event

# shows NAME STRING: JSON of the log has it, on one line
shows() {
	check "details: $1" is_in json "$2"
}

# What only SYSCALL and PROCTITLE records say, wherever they stand.
show_details() {
	local parent='"ppid":1,' all
	all='"label":"unconfined","comm":"gdb","exe":"/usr/bin/gdb","dev":"fe:01","inode":131,"command":"gdb -p 42"'
	{ call 2; title 2 gdb -p 42; record 3 2; } >"$log"
	shows "ahead of the record" "$all"
	shows "the parent, and the effective user with its name" \
		"$parent\"uid\":0,\"user\":\"root\",\"euid\":0,\"euser\":\"root\""
	{ call 2; record 3 2; title 2 gdb -p 42; } >"$log"
	shows "the command line behind the record" "$all"
	{ record 3 2; call 2; title 2 gdb -p 42; } >"$log"
	shows "all of it behind the record" "$all"
	check "details: the session as well" grep -qF '"ses":3' "$OUT/out"
	run -if "$log" --format csv
	check "details: likewise in CSV" grep -qE ',pts1,unconfined,.*,gdb -p 42$' "$OUT/out"
	{ record 3 2; call 2; title 2 gdb; title 2 sh; } >"$log"
	shows "the first of two command lines" '"command":"gdb"}'
	{ call 2; node='node=b '; title 2 sh; node=; record 3 2; } >"$log"
	check "details: not those of another host" eval '! is_in json command'
	{ call 2; title 20 sh; record 3 2; } >"$log"
	check "details: not those of another event" eval '! is_in json command'
	{ record 3 2; title 2 sh; } >"$log"
	check "details: no SYSCALL record, no details" eval '! is_in json command'
	{ call 2 | sed 's/ euid=0/ euid=77/; s/ GID=/ EUID="eve"&/'; record 3 2; } >"$log"
	shows "the log's own name of the effective user" '"euid":77,"euser":"eve"'
	{ call 2 | sed 's/ subj=[^ ]*/ subj=a b (enforce)/'; record 3 2; } >"$log"
	shows "a label with spaces" '"label":"a b (enforce)"'
	{ call 2; title 2 "$(printf 'x%.0s' {1..127})"; record 3 2; } >"$log"
	check "details: a command line that is whole" eval '! is_in json command_cut'
	show_fold_details
}

show_fold_details() {
	{ call 2; title 2 gdb; call 3; title 3 gdb; fold 4 2 2 3 2-3; } >"$log"
	shows "folded calls have what they share" '"inode":131,"command":"gdb"}'
	{ call 2; title 2 gdb; call 3; title 3 sh; fold 4 2 2 3 2-3; } >"$log"
	shows "of folded calls, what differs is named" '"vary":["command"]'
	check "details: and not shown" eval '! is_in json \"command\":'
	{ call 2; title 2 gdb; call 3 | sed 's/ ppid=1/ ppid=9/'; fold 4 2 2 3 2-3 vary=apid; } >"$log"
	shows "behind what the record names" '"vary":["apid","ppid"]'
	{ fold 4 2 2 3 2-3; call 2; title 2 gdb; call 3; } >"$log"
	shows "folded calls that come behind their record" '"inode":131,"command":"gdb"}'
	record 3 2 >"$log"
	TZ=Asia/Kolkata shows "time with its zone" \
		'"time":"2001-09-09T07:16:40.002+05:30","time_ms":1000000000002,'
	TZ=America/St_Johns shows "time with a zone in the west" \
		'"time":"2001-09-08T23:16:40.002-02:30"'
	shows "a record that lacks nothing" '"whole":true'
	record 3 2 cut=rmap >"$log"
	shows "a list that is cut" '"whole":false'
	record 3 2 part=2/2 >"$log"
	shows "a part that is missing" '"whole":false'
}

# A wrong object is found to be one, or the schema would say nothing.
show_schema() {
	local wrong
	"$aupvm" --schema >"$OUT/schema"
	log_of_all >"$log"
	"$aupvm" -if "$log" --format json >"$OUT/objects" 2>/dev/null || :
	log_of_hostile >"$log"
	"$aupvm" -if "$log" --format json >>"$OUT/objects" 2>/dev/null || :
	check "schema: objects of each kind, and hostile ones" \
		./validate "$OUT/schema" <"$OUT/objects"
	for wrong in 's/"time":/"tme":/' 's/"pid":7/"pid":"7"/' 's/"kind":"call"/"kind":"cal"/' \
		's/"bytes":8/"bytes":-8/' 's/"whole":true/"whole":1/' 's/"offset":"0x/"offset":"/'; do
		sed "$wrong" "$OUT/objects" >"$OUT/wrong"
		check "schema: not with $wrong" eval \
			"! ./validate '$OUT/schema' <'$OUT/wrong' >/dev/null"
	done
}

# ---- which calls

# chooses SERIALS OPTION...: of log_of_all, by the first serial of each line.
chooses() {
	local serials=$1
	shift
	run -if "$log" --format csv "$@"
	check "$*: ${serials:-none}" chosen "$serials"
}

chosen() {
	local serials
	serials=$(sed 1d "$OUT/out" | cut -d, -f5 | cut -d: -f2 | xargs)
	[[ $serials == "$1" ]] || {
		echo "got $serials"
		cat "$OUT/err"
		return 1
	}
	[[ $(<"$OUT/status") == $((${#1} == 0)) ]]
}

show_choice() {
	log_of_all >"$log"
	chooses "2 4 7 10 13 13 15"
	chooses "2 4 10 13 15" -k pvm-read
	chooses "2 4 10 13 15" -k vm
	chooses "" -k vm -w
	chooses "2 4 10 13 15" --key pvm-read --word
	chooses "7" -x /usr/bin/dd
	chooses "7" -x dd
	chooses "" -x dd -w
	chooses "2 4 10 15" -ui 0
	chooses "2 4 10 15" -ui root
	chooses "7" --uid 65534
	chooses "2 4 7 10 13 15" -ul 1000
	chooses "2 4 10 13 15" -p 7
	chooses "7" -p 9
	chooses "10" --session 5
	chooses "2 4 7 10 13 15" --session 3
	chooses "7 13" -sv no
	chooses "2 4 10 15" -sv yes
	chooses "2 4 7 10" --target 42
	chooses "2 4 7 10" --target sshd
	chooses "2 4 7 10" --target /usr/sbin/sshd
	chooses "" --target ssh
	chooses "4" --op writev
	chooses "2 7 10 13 15" --op readv
	chooses "2 4 7 10" --rel other
	chooses "" --rel self
	chooses "7" --into exec
	chooses "7" --into file
	chooses "7" --into stack
	chooses "2 4 10" --into heap
	chooses "" --into anon
	chooses "2 4 7 10 13 13 15" -te 2001-09-09 01:46:40
	chooses "2 4 7 10 13 13 15" -ts 2001-09-09 01:46:40
	chooses "" -ts 2001-09-09 01:46:41
	chooses "" -te 2001-09-09 01:46:39
	chooses "2 4 7 10 13 13 15" -ts 09/09/01 01:46
	chooses "2 4 7 10 13 13 15" --start 2001-09-09
	chooses "" --node there
	node="node=x "
	log_of_all >"$log"
	node=
	chooses "2 4 7 10 13 13 15" --node there --node x
}

# Options that mean what they mean to ausearch.
show_as_ausearch() {
	log_of_all >"$log"
	chooses "4" -a 4
	chooses "10" -a 11
	chooses "13" --event 13
	chooses "" -a 12
	chooses "7" -c dd
	chooses "" -c d -w
	chooses "2 4 10 13 15" --comm gdb -w
	chooses "7" -e EPERM
	chooses "7" -e -EPERM
	chooses "7" -e -1
	chooses "2 4 10 15" --exit 8
	chooses "13" -e ESRCH
	chooses "2 4 7 10 13 15" -pp 1
	chooses "" --ppid 7
	chooses "2 4 7 10 13 15" -tm pts1
	chooses "10" --terminal pts2
	chooses "10" -tm pts -w
	chooses "4" -sc process_vm_writev
	run -if "$log" -pp 2 --summary
	check "-pp counts in sums, too" grep -q '^calls: 0' "$OUT/out"
	run -if "$log" --just-one --format csv
	check "--just-one: the first" chosen 2
	chooses "2 4 7 10 13 13 15" -ts 2001-09-09T01:46:40
	chooses "7 10 13 13 15" -ts 2001-09-09T01:46:40.005
	chooses "2 4" -te 2001-09-09T03:46:40.004+02:00
	chooses "2 4 7 10 13 13 15" -te 2001-09-09T01:46:40Z
	chooses "" -ts 2001-09-09T01:46:41Z
	chooses "2 4 7 10 13 13 15" -ts 1000000000 -te 1000000000
	chooses "13 13 15" -ts 1000000000.013
	chooses "" -ts -5m
	chooses "" -ts 2 hours ago
	chooses "2 4 7 10 13 13 15" -te "3 weeks ago"
	run -if "$log" -k none
	check "no match is said as ausearch says it" eval \
		"[[ \$(<$OUT/err) == '<no matches>' ]]"
	for wrong in --form=json "--form json" --start-time "-ts 2001-09-09T01:46" \
		"-ts -5x" "-e ENOTHING" "--just-one --summary"; do
		# shellcheck disable=SC2086
		run -if "$log" $wrong
		check "refused: $wrong" ended 2
	done
	check "a closed pipe ends it quietly" eval \
		"[[ \$(yes_closes_it 2>&1) == 'status 141' ]]"
}

# Of more rows than a pipe takes.
yes_closes_it() {
	local status
	for serial in {1..400}; do record 999 "$serial"; done >"$OUT/many"
	"$aupvm" -if "$OUT/many" --format json | head -n 1 >/dev/null
	echo "status ${PIPESTATUS[0]}"
}

# The first time in each line of the last output is not before the one above.
in_order() {
	sed -nE 's/^((From|At) [^ ]* )?([0-9:]{8}\.[0-9]{3}).*/\3/p
		s/.*"(event|first)":"([0-9.]*).*/\2/p' "$OUT/out" >"$OUT/times"
	cat "$OUT/times"
	[[ $(wc -l <"$OUT/times") == 8 ]] && LC_ALL=C sort -nC "$OUT/times"
}

# Whatever the order of the log: folds come late, and so do some records.
show_order() {
	local format
	{
		start 1
		record 90 9
		record 91 7
		fold 92 3 3 8 3,5,8
		fold 93 2 2 6 2,6
		call 4
		record 94 1
		base=$((base - 5000)); record 95 20; base=$((base + 5000))
		record 96 7 part=1/2
	} >"$log"
	chooses "20 1 2 3 4 7 7 9"
	for format in table text json; do
		run -if "$log" --format $format
		check "$format: in the order of time" in_order
	done
}

# --into never passes over a record that may leave such memory out.
show_perhaps() {
	local part="s/riovcnt=1/riovcnt=17/; s/ src=kernel/& cut=rmap/"
	{
		start 1
		record 90 2 | sed "$part"
		record 91 3 | sed 's/rmap=[^ ]*/rmap=?/'
		record 92 4 | sed 's/ rmap=[^ ]*//; s/ src=kernel/& why=maps-lost/'
		record 93 5 | sed 's/ rmap=[^ ]*//; s/ riov=[^ ]*//; s/ src=kernel/ src=none why=no-probes/'
		fold 94 2 6 7 6-7 | sed 's/ src=kernel/& cut=rmap/'
		record 95 8 part=2/2 | sed 's/ rmap=[^ ]*//'
		# of which it is known that they have not
		record 96 9
		record 97 10 | sed 's/ rmap=[^ ]*//; s/exit=8/exit=-22/; s/src=kernel/src=none why=not-copied/'
		record 98 11 | sed 's/ rmap=[^ ]*//; s/exit=8/exit=-3/'
		record 99 12 | sed 's/ rmap=[^ ]*//; s/riovcnt=1/riovcnt=0/'
		call 13
		lost 100 feed 1 14 14
	} >"$log"
	chooses "2 3 4 5 6 8" --into exec
	check "--into: each of them perhaps" eval \
		"[[ \$(grep -c ' (perhaps),' $OUT/out) == 6 ]]"
	run -if "$log" --into exec --format json
	check "--into: perhaps, in JSON" eval \
		"[[ \$(grep -c '\"perhaps\":true' $OUT/out) == 6 ]]"
	run -if "$log" --into exec
	check "--into: perhaps, in the table" eval \
		"[[ \$(grep -c ' perhaps ' $OUT/out) == 6 ]]"
	run -if "$log" --into exec --summary
	check "--into: perhaps, in the summary" grep -q \
		"perhaps not into such memory: 7" "$OUT/out"
	run -if "$log" --into heap --format csv
	check "--into: what is there is there for sure" eval \
		"[[ \$(grep -c ' (perhaps),' $OUT/out) == 4 ]]"
}

# ---- what is easily got wrong

# is_in FORMAT PATTERN
is_in() {
	run -if "$log" --format "$1"
	grep -qF -- "$2" "$OUT/out"
}

show_odd() {
	{ start 1; record 3 2 | sed "s/ key=[^ ]*/ key=$(hex $'one\1two')/"; } >"$log"
	chooses "2" -w -k two
	chooses "2" -w -k one
	chooses "" -w -k onetwo
	check "two keys, as JSON" is_in json '"keys":["one","two"]'

	{ start 1; record 3 2 | sed 's/ exit=8/ exit=4/'; } >"$log"
	check "less than was asked for" is_in csv ",4,partial,4,8,"
	{ start 1; record 3 2 | sed 's/ exit=8/ exit=4/; s/ llen=8/ llen=4/'; } >"$log"
	check "as much as there was room for" is_in csv ",4,ok,4,8,"

	{ start 1; record 3 2 part=1/1 | sed "s/ ouid=0 / ouid=4000 /; s/OUID=\"root\"/OUID=\"eve\"/"; } >"$log"
	check "a user's name from a record in parts" is_in json \
		'"uid":4000,"user":"eve"'

	{ start 1; fold 4 2 2 3 2-3 | sed 's|rmap=[^ ]*|rmap=/lib/libstdc++.so.6:r-xp|'; } >"$log"
	check "a file without offset, with a plus of its own" is_in json \
		'"rmap":[{"name":"/lib/libstdc++.so.6","perms":"r-xp"}]'

	{ start 1; record 3 2 | sed 's/rmap=[^ ]*/rmap=[heap]:rw-p,none,[heap]:rw-p/'; } >"$log"
	run -if "$log" --summary
	check "--summary: a call counts once, with all its regions" grep -qE \
		"^ +1 +0 +0 +8 +0  \[heap\] rw-p, none$" "$OUT/out"
}

# What a fold has, and of which mapping nobody knows.
show_folded() {
	local map=/lib/x:r-xp
	fold 4 2 2 3 2-3 >"$log"
	check "fold: one mapping, with its addresses" is_in table \
		" [heap] rw-p 0x7f0000001000-0x7f0000001008 "
	sed -i "s|rmap=|rmap=$map,|" "$log"
	check "fold: two mappings, without addresses" is_in table \
		" x r-xp +1 mappings "
	check "fold: the same in a sentence" is_in text \
		"at x r-xp +1 mappings: ok, in 2 calls"
	sed -i 's/ src=kernel/ cut=rmap&/' "$log"
	check "fold: mappings that are not all" is_in text \
		"at x r-xp +1 mappings or more: ok"
	sed -i "s|$map,||" "$log"
	check "fold: one mapping that is not all" is_in text \
		"at [heap] rw-p and more: ok"
	{ fold 4 2 2 3 2-3 | sed 's/comm="gdb"/comm="?" comms=-gdb,my%20gdb/; s/ src=/ vary=comm,apid&/'; } >"$log"
	check "fold: several names, in CSV" is_in csv \
		',alice,,,,,"\x2Dgdb,my%20gdb",/usr/bin/gdb,'
	check "fold: several names, in JSON" is_in json \
		'"comms":["-gdb","my%20gdb"],"exe":"/usr/bin/gdb"'
	check "fold: what varies, in JSON" is_in json '"vary":["comm","apid"]'
	{ fold 4 2 2 3 2-3 | sed 's/bytes=16/bytes=15/'; } >"$log"
	check "fold: complete or not, who knows" is_in csv ",ok?,15,16,"
	sed -i 's/ src=kernel/ llen=15&/' "$log"
	check "fold: complete, as far as its local side goes" is_in csv ",ok,15,16,"
}

# shared SERIAL COUNT FIRST LAST BYTES RMAP RSHARE: folded writes
shared() {
	fold "$1" "$2" "$3" "$4" "$3-$4" | sed "s/readv/writev/; s/bytes=[0-9]*/bytes=$5/
		s|rmap=[^ ]*|rmap=$6 rshare=$7|"
}

# labels WANTED...: of the graph's edges, in any order
labels() {
	run -if "$log" --graph
	grep -- '->' "$OUT/out" | cut -d '"' -f 2 | sort |
		diff <(printf '%s\n' "$@") -
}

# Of a fold with shares it is known what was where.
show_shares() {
	local two='[heap]:rw-p,[anon]:rwxp'
	shared 999 190 2 191 1600 "$two" 189:1592,1:8 >"$log"
	check "shares: one write into code among others" labels \
		"1 write into code, 8B" "189 writes, 1.6KB"
	run -if "$log" --summary
	check "shares: the region of the one" grep -qE \
		"^ +1 +1 +0 +0 +8  \[anon\] rwxp$" "$OUT/out"
	check "shares: the region of the others" grep -qE \
		"^ +189 +189 +0 +0 +1.6K  \[heap\] rw-p$" "$OUT/out"
	check "shares: in JSON" is_in json \
		'"rshare":[{"calls":189,"bytes":1592},{"calls":1,"bytes":8}]'
	check "shares: in CSV" is_in csv ',"189:1592,1:8",'

	# each call has touched both
	shared 999 4 2 5 64 "$two" 4:32,4:32 >"$log"
	check "shares: all calls among others into code" labels \
		"4 writes into code, 64B"
	run -if "$log" --summary
	check "shares: calls in both count once" grep -qE \
		"^ +4 +4 +0 +0 +64  \[anon\] rwxp, \[heap\] rw-p$" "$OUT/out"
	# two pages of code: two calls, or three, or four
	shared 999 9 2 10 90 "$two,/x:r-xp" 7:50,2:10,2:10 >"$log"
	check "shares: what is not known is said to be so" labels \
		"2 writes into code, 20B" "2 writes, some into code" "5 writes, 70B"
	shared 999 3 2 4 90 "$two,/x:r-xp" 3:50,2:10,2:10 >"$log"
	check "shares: perhaps all of them" labels \
		"1 write, perhaps into code, 70B" "2 writes into code, 20B"

	# what no plugin writes is taken for no share at all
	for bad in 190:1592 190:1592,1:8,1:1 191:8,1:8; do
		shared 999 190 2 191 1600 "$two" "$bad" >"$log"
		check "shares: $bad is none" labels \
			"190 writes, some into code, 1.6KB"
	done
	# some of the bytes are elsewhere
	shared 999 190 2 191 1600 "$two" 189:1590,1:8 >"$log"
	run -if "$log" --summary
	check "shares: the rest of the bytes is not forgotten" grep -qE \
		"^ +190 +190 +0 +0 +1.6K  \[anon\] rwxp, \[heap\] rw-p$" "$OUT/out"
}

# --into has of a fold what the record says to be there, and no more.
show_parts() {
	local two='[heap]:rw-p,[anon]:rwxp' nr
	shared 999 190 2 191 1600 "$two" 189:1592,1:8 | tee "$log" >"$OUT/whole"
	check "parts: all of it, with each share" is_in table \
		"[heap] rw-p (189 calls, 1.6KB), [anon] rwxp (1 call, 8B) ok"
	check "parts: and in a sentence" is_in text \
		"at [heap] rw-p (189 calls, 1.6KB), [anon] rwxp (1 call, 8B): ok, in 190 calls"
	run -if "$log" --into exec
	check "parts: in the table" grep -qE \
		" writes +1 sshd\[42\] root +8 \[anon\] rwxp \(of 190 calls\) +ok$" "$OUT/out"
	run -if "$log" --into exec --format text
	check "parts: in a sentence" grep -qF \
		" wrote 8 bytes to process 42, /usr/sbin/sshd of root, at [anon] rwxp: ok, in 1 of 190 calls" "$OUT/out"
	run -if "$log" --into exec --format csv
	check "parts: in CSV" eval \
		"grep -qF ':191,1,190,process_vm_writev,' $OUT/out && grep -qF ',ok,8,1520,,,0x7f0000001000-0x7f0000001008,[anon]:rwxp,1:8,' $OUT/out"
	run -if "$log" --into exec --format json
	check "parts: in JSON" eval \
		"grep -qF '\"count\":1,\"of\":190,' $OUT/out && grep -qF '\"bytes\":8,' $OUT/out &&
		grep -qF '\"rmap\":[{\"name\":\"[anon]\",\"perms\":\"rwxp\",\"calls\":1,\"bytes\":8}],\"rshare\":[{\"calls\":1,\"bytes\":8}]' $OUT/out"
	run -if "$log" --into exec --summary
	check "parts: in the summary" grep -qF "writes: 1 (8B), failed: 0" "$OUT/out"
	run -if "$log" --into exec --timeline
	check "parts: in the timeline" grep -qF "<title>1 calls, 8B transferred<" "$OUT/out"
	run -if "$log" --into anon --graph
	check "parts: in the graph" grep -qF '"1 write into code, 8B"' "$OUT/out"

	# complete or not: by all of it
	sed 's/:1592,1:8/:1492,1:8/; s/bytes=1600/bytes=1500/' "$OUT/whole" >"$log"
	run -if "$log" --into exec --format csv
	check "parts: complete or not, who knows" grep -qF ",ok?,8,1520," "$OUT/out"
	shared 999 190 2 191 1600 "$two,/x:r-xp" 180:1592,4:8,6:0 >"$log"
	run -if "$log" --into exec --format csv
	check "parts: two mappings of that kind" grep -qF \
		',"[anon]:rwxp,/x:r-xp","4:8,6:0",' "$OUT/out"
	check "parts: and their calls together" grep -qF ":191,10,190," "$OUT/out"
	show_wholes
}

# Where it is not known which calls these are, it has all of them, as it is.
show_wholes() {
	local each
	while read -r each; do
		sed "$each" "$OUT/whole" >"$log"
		run -if "$log" --into exec --format csv
		check "parts: $each: all of it" grep -qF ":191,190,,process_vm_" "$OUT/out"
	done <<-'END'
		s/rshare=[^ ]*/rshare=190:1592,1:8/
		s/rshare=[^ ]*/rshare=189:1590,1:8/
		s/rshare=[^ ]*/rshare=189:1592/
		s/rshare=[^ ]* //
		s/ src=kernel/ cut=rmap&/
		s/rmap=[^ ]*/rmap=?,[anon]:rwxp/
		s/\[anon\]:rwxp/...:rwxp/; s/ src=kernel/ cut=rmap&/
		s/rshare=[^ ]*/rshare=190:1600,0:0/
	END
}

# Calls, writes and bytes of each list's lines, against the totals.
sums_agree() {
	run -if "$log" --summary
	awk '
	function size(text, n) {
		n = text + 0
		return text ~ /K$/ ? n * 1024 : text ~ /M$/ ? n * 1048576 : n
	}
	/^calls:/ { calls = $2 + 0 }
	/^reads:/ { writes = $5 + 0; failed = $NF }
	/CALLS/ { if (list) lists[list] = sum; list = $NF; sum = 0 }
	/^ +[0-9]/ { sum += $1; w[list] += $2; f[list] += $3 }
	END {
		lists[list] = sum
		for (l in lists) {
			want = l == "FAILURE" ? failed : calls
			print l, lists[l], want, w[l], writes, f[l], failed
			if (lists[l] != want || f[l] != failed ||
			    (l != "FAILURE" && w[l] != writes))
				bad = 1
		}
		exit bad || !calls
	}' "$OUT/out"
}

show_sums() {
	log_of_all >"$log"
	{
		record 600 17 | sed 's/rmap=[^ ]*/rmap=[heap]:rw-p,none,[anon]:rwxp/'
		record 601 18 | sed 's/ rmap=[^ ]*//'
		fold 602 40 20 59 20-59 | sed 's/rmap=[^ ]*/rmap=none,[anon]:rwxp,[heap]:rw-p/'
		shared 603 40 60 99 320 "[heap]:rw-p,[anon]:rwxp" 39:300,1:20
	} >>"$log"
	check "--summary: each list has all calls once" sums_agree
	check "--summary: several regions in one order" grep -qE \
		"^ +41 .* \[anon\] rwxp, \[heap\] rw-p, none$" "$OUT/out"
}

# ---- much of it

# Programs 0 to 204 read each of one call, 7 of two.
show_many() {
	local i
	{
		start 1
		for ((i = 0; i < 205; i++)); do
			record $((300 + i)) $((10 + i)) |
				sed "s|exe=\"/usr/bin/gdb\"|exe=\"/bin/p$i\"|"
		done
		record 600 7 | sed 's|exe="/usr/bin/gdb"|exe="/bin/p7"|'
	} >"$log"
	run -if "$log" --graph
	check "--graph leaves out edges" grep -q \
		'\\n5 edges with fewer calls are left out\."' "$OUT/out"
	check "--graph has the others" eval \
		"[[ \$(grep -c -- '->' $OUT/out) == 200 ]]"
	check "--graph has the one with most calls first" eval \
		"grep -m 1 -- '->' $OUT/out | grep -q '2 reads, 16B'"
	run -if "$log" --summary
	check "--summary: the one with most calls is first" eval \
		"sed -n '/CALLER/ { n; p; }' $OUT/out | grep -q ' 2 .*/bin/p7 -> '"
	check "--summary: the rest in one line" grep -qE \
		"^ +190 +0 +0 +1.5K +0  190 others$" "$OUT/out"
}

show_code() {
	{
		start 1
		call 2 311
		record 3 2 "" writev | sed 's/ rmap=[^ ]*/ rmap=[anon]:rwxp/'
		call 4 311
		record 5 4 "" writev
		call 6
		record 7 6 | sed 's/ rmap=[^ ]*/ rmap=[anon]:rwxp/'
		fold 12 2 8 9 8-9 | sed 's/readv/writev/; s/rmap=/rmap=[anon]:rwxp,/'
		fold 13 3 13 15 13-15 | sed 's/readv/writev/; s/rmap=[^ ]*/rmap=[anon]:rwxp/'
	} >"$log"
	run -if "$log" --graph
	check "--graph shows writes into code" eval \
		"grep -- '->' $OUT/out | cut -d '\"' -f 2 | sort | diff - <(
		printf '%s\n' '1 read, 8B' '1 write, 8B' '2 writes, some into code, 16B' \
			'4 writes into code, 32B')"
}

# marks COLOUR: of the timeline's lanes, without the legend's
marks() {
	grep -c "^<rect .* height=\"11\" fill=\"$1\"/>" "$OUT/out"
}

# A write among many reads is too small to be seen but in its lane.
show_lanes() {
	local serial
	{
		start 1
		for ((serial = 2; serial < 500; serial++)); do
			record 999 $serial
		done
		call 600 311
		record 999 600 "" writev
	} >"$log"
	run -if "$log" --timeline
	check "timeline: a mark for one write" test "$(marks '#c0392b')" = 2
	check "timeline: none for what has not failed" \
		test "$(marks '#e67e22')" = 1
}

# The sum of all bars of the first panel, in pixels, by colour; each call of
# the log makes as much of it, whatever the slots are.
bars() {
	sed '/Bytes/,$d' "$OUT/out" | tr '"' ' ' |
		awk '/^<rect.*fill=/ && $9 != "100%" { sum += $9 } END { printf "%.0f", sum }'
}

# is_picture MOST BARS: heights in sum are as of so many calls in the slot that
# has most, and of so many in all.
is_picture() {
	local most bars
	most=$(sed -n '/Calls in/ { n; s/<[^>]*>//g; p; }' "$OUT/out")
	bars=$(bars)
	[[ $most == "$1" && $bars == "$((120 * $2 / $1))" ]] || {
		echo "most $most, bars $bars"
		return 1
	}
}

show_timeline() {
	local serial
	{ start 1; for serial in 2 3 4 5 6; do record 9 $serial; done; } >"$log"
	run -if "$log" --timeline
	check "timeline: a millisecond each" is_picture 1 5
	for serial in 2 100 5000 90000 3600000; do record 9 $serial; done >"$log"
	run -if "$log" --timeline
	check "timeline: slots grow" is_picture 3 5
	for serial in 3600000 90000 5000 100 2; do record 9 $serial; done >"$log"
	run -if "$log" --timeline
	check "timeline: and the log need not be in order" is_picture 3 5
	for serial in 7 8 2000; do record 9 $serial; done >"$log"
	run -if "$log" --timeline
	check "timeline: slots grow in step" is_picture 1 3
	check "timeline: and begin at whole widths" grep -q "01:46:40.000<" \
		"$OUT/out"
	fold 9 8 2 5 2-9 >"$log"
	run -if "$log" --timeline
	check "timeline: folded calls are spread" is_picture 2 8
	: >"$log"
	run -if "$log" --timeline
	check "timeline: nothing" grep -q '>no calls<' "$OUT/out"
}

# Of a call just now and one of two days ago, times by word.
show_words() {
	local word
	# "now" and "a second ago" are to be of the same day
	while (($(date +%s) % 86400 < 2)); do
		sleep 1
	done
	base=$(($(date +%s) * 1000 - 1000))
	{
		start 1
		record 3 2
		base=$((base - 172800000))
		record 4 3
	} >"$log"
	base=1000000000000
	for word in recent today yesterday; do
		chooses "2" -ts $word
	done
	chooses "3 2" -ts week-ago
	chooses "3" -te yesterday
	chooses "3 2" -te now
	chooses "3 2" -te today
	chooses "" -ts now
}

check_show() {
	show_formats
	show_hostile
	show_details
	show_schema
	show_choice
	show_as_ausearch
	show_order
	show_perhaps
	show_odd
	show_folded
	show_shares
	show_parts
	show_sums
	show_many
	show_code
	show_timeline
	show_lanes
	show_words
}

# ---- another file under the name of a program

# moved SERIAL OF [FIELD=VALUE...]: the record of call OF, with these fields
moved() {
	local serial=$1 of=$2 edit=
	shift 2
	for field in "$@"; do
		edit+="s|\\b${field%%=*}=[^ ]*|$field|;"
	done
	record "$serial" "$of" | sed "$edit"
}

log_of_others() {
	start 1
	moved 3 2
	moved 5 4 oino=9999 spid=8
	moved 7 6
	moved 9 8 sdev=00:1b
	moved 11 10 odev=fe:02
	# a name that is no system's, and one that has no number
	moved 13 12 'oexe="/home/a/sshd"'
	moved 15 14 'oexe="/home/a/sshd"' oino=1
	moved 17 16 | sed 's/ odev=[^ ]*//'
}

# others_marked: of the log, CSV's two columns, a line each
others_marked() {
	"$aupvm" -if "$log" --format csv "$@" | awk -F, 'NR == 1 {
			for (i = 1; i <= NF; i++)
				at[$i] = i
			next
		}
		{ print $at["exe_another_than"] "," $at["oexe_another_than"] }' |
		tr '\n' ' '
}

marked() {
	local want=$1
	shift
	others_marked "$@"
	[[ $(others_marked "$@") == "$want " ]]
}

show_others() {
	local first
	log_of_others >"$log"
	first=$(id 2)
	check "another file: marked, with the first event" \
		marked ", ,$first , $first, ,$first , , ,"
	check "another file: what is not wanted counts as well" \
		marked ",$first" --pid 8
	{
		node='node=a '
		moved 3 2
		node='node=b '
		moved 5 4 oino=9999
		node=
	} >"$log"
	check "another file: another host has its own" marked ", ,"
	{ moved 3 2; moved 5 4 oino=9999; } >"$log"
	check "another file: table" eval \
		"'$aupvm' -if '$log' | grep -q 'another sshd\[42]'"
	check "another file: the first is not marked" eval \
		"[[ \$('$aupvm' -if '$log' | grep -c another) == 1 ]]"
	check "another file: text" eval \
		"'$aupvm' -if '$log' --format text | grep -qF '/usr/sbin/sshd (another file under this name than at $first) of root'"
	check "another file: JSON" eval \
		"'$aupvm' -if '$log' --format json | grep -qF '\"inode\":9999,\"start\":81230,\"rel\":\"other\",\"another_than\":\"$first\"}'"
	record 3 2 | awk '{
		for (n = 1; n <= 4100; n++) {
			line = $0
			sub(/audit\([^)]*\)/, "audit(1000000001.000:" 2 * n + 1 ")", line)
			sub(/event=[^ ]*/, "event=1000000001.000:" 2 * n, line)
			sub(/oexe="[^"]*"/, "oexe=\"/usr/bin/p" n "\"", line)
			print line
		}
	}' >"$log"
	says "another file: more names than are kept" 0 \
		"programs have more than 4096 names: whether another file is under a later one is not told, of 5 programs of calls"
}
