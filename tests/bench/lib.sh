# lib.sh - rows of the benchmarks' tables.  The caller sets rounds, how many are
# counted; ram, a folder for what is measured; works, what to do.
# shellcheck shell=bash disable=SC2154

row() {	# row WORK OURS PEER RATIO FLOOR AIM
	printf '%-46s %12s %12s %8s %8s %8s\n' "$@"
}

# against WORK PEER OURS FLOOR AIM: how many times faster than the peer.
against() {
	turns -n "$rounds" "$2" "$3" >"$ram/t"
	ratio=$(awk 'NR == 1 { p = $1 } NR == 2 { printf "%.2f", p / $1 }' "$ram/t")
	row "$1" "$(awk 'NR == 2 { printf "%.3f s", $1 }' "$ram/t")" \
	    "$(awk 'NR == 1 { printf "%.3f s", $1 }' "$ram/t")" "$ratio" "$4" "$5"
}

memory() {	# memory WORK COMMAND FLOOR AIM
	turns -n 1 "$2" >"$ram/t"
	row "$1" "$(awk '{ printf "%.1f MiB", $3 / 1024 }' "$ram/t")" - - "$3" "$4"
}

wanted() {
	case " $works " in *" $1 "*) ;; *) return 1 ;; esac
}
