#!/bin/sh
# What a key costs in socctl and in programs that people know, one after the other, with the same rows, in a terminal of 160x50.
#
#   SETTLE=90 bench/peers.sh ROWS COMMAND [ARGUMENT...]
#
# ROWS is what `socctl incidents list --filter ... --output table` printed: a line of titles, and one line for each incident. COMMAND is
# the console to measure beside the others, which reads the same incidents. SETTLE is how many seconds it has for that, BEFORE
# the keys that it gets then (6 opens the section Everything), COUNT how often each key is pressed, and WORK a directory for
# what is made of the rows.
#
# less and fzf get the rows as lines, VisiData as a table with tabs, neomutt as a mailbox with a mail for each row, tig as
# a repository with a commit for each row. What is missing on this machine is named and left out; nothing is installed.
set -eu

if [ "$#" -lt 2 ]; then
	sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
rows=$1
shift
bench="${SOCCTL_SHARED:?names the directory that has bench/ptybench.py}/bench/ptybench.py"
count=${COUNT:-200}
settle=${SETTLE:-90}
before=${BEFORE:-6}
quiet=40 # milliseconds of silence after which a key counts as answered
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
[ -n "${WORK:-}" ] || trap 'rm -rf "$work"' EXIT

missing=
has() {
	command -v "$1" >/dev/null 2>&1 && return 0
	missing="$missing $1"
	return 1
}
has python3 || { echo "python3 is missing" >&2 && exit 1; }

tail -n +2 "$rows" >"$work/rows"
lines=$(wc -l <"$work/rows" | tr -d ' ')
# A word from the first row, which shows that a program is ready.
first=$(head -n 1 "$work/rows" | awk '{print $1}')

# measure NAME KEY-NAME KEY COUNT READY SETTLE BEFORE COMMAND...
measure() {
	name=$1 what=$2 key=$3 times=$4 ready=$5 wait=$6 first_keys=$7
	shift 7
	python3 "$bench" --json --rows 50 --cols 160 --limit 120 --quiet "$quiet" --ready "$ready" --settle "$wait" --before "$first_keys" --key "$key" \
		--count "$times" -- "$@" |
		NAME=$name WHAT=$what python3 -c '
import json, os, sys
d = json.load(sys.stdin)
print("| %s | %s | %s | %s | %s | %s | %s | %s |" % (os.environ["NAME"], os.environ["WHAT"], d["bytes_median"], d["bytes_p99"],
    d["first_ms_median"], d["settle_ms_median"], d.get("rss_mb"), d["cpu_s"]))' 2>/dev/null || echo "| $name | $what | failed |"
}

# both NAME DOWN-KEY READY SETTLE BEFORE COMMAND...
both() {
	name=$1 down=$2
	shift 2
	measure "$name" down "$down" "$count" "$@"
	measure "$name" "page down" '\x1b[6~' 20 "$@"
}

echo "$lines rows; $(uname -sm), load$(uptime | sed 's/.*load average//')"
echo
echo "| program | key | bytes, median | p99 | first byte, ms | last byte, ms | memory, MB | CPU of the run, s |"
echo "|---|---|---|---|---|---|---|---|"

both socctl j 'Triage' "$settle" "$before" "$@"
quiet=250 # it writes eight frames a second at most
measure "socctl --low-bandwidth" down j "$count" 'Triage' "$settle" "$before" "$@" --low-bandwidth
quiet=40
if has less; then
	both less j "$first" 1 '' env LESS= less -S "$work/rows"
fi
if has fzf; then
	both fzf '\x0e' "$lines/$lines" 1 '' sh -c "fzf --no-sort --layout=reverse <'$work/rows'"
fi
if has vd; then
	tr -s '\t' ' ' <"$work/rows" | sed 's/  \{1,\}/\t/g' >"$work/rows.tsv"
	both VisiData j "$first" 8 '' vd "$work/rows.tsv"
fi
if has neomutt; then
	awk '{
		id = $1; gsub(/\r/, ""); n++
		printf "From %s@example.com Sun Nov 22 14:00:00 2026\nFrom: %s <%s@example.com>\nTo: soc@example.com\nDate: Sun, 22 Nov 2026 14:00:00 +0000\n", id, id, id
		printf "Message-ID: <%d@example.com>\nSubject: %s\n\n%s\n\n", n, $0, id
	}' "$work/rows" >"$work/mbox"
	printf 'set folder="%s"\nset spoolfile="%s/mbox"\nset record=""\nset sort=mailbox-order\nset header_cache=""\n' "$work" "$work" >"$work/muttrc"
	both neomutt j 'q:Quit' 15 '' neomutt -n -R -F "$work/muttrc" -f "$work/mbox"
fi
if has tig && has git; then
	rm -rf "$work/git"
	git init -q "$work/git"
	# The first row is the latest commit, as the first in the list.
	awk '{row[NR] = $0} END {
		for (n = NR; n > 0; n--)
			printf "commit refs/heads/rows\ncommitter %s <%s@example.com> %d +0000\ndata <<END-OF-ROW\n%s\nEND-OF-ROW\n\n",
				"Analyst", "soc", 1790000000 + NR - n, row[n]
	}' "$work/rows" | git -C "$work/git" fast-import --quiet
	both tig j "$first" 8 '' env GIT_DIR="$work/git/.git" tig rows
fi
[ -z "$missing" ] || echo "missing here, and left out:$missing" >&2
