# help.awk - what --help says, from a manual page: its name line, of each option
# both names and its first sentence (with the one that has the default), and the
# first example.  The page is the one source, so the two cannot differ.
# It knows the macros of mdoc(7) that the pages use.

function glue(word) {
	text = text (text == "" || tight ? "" : " ") word
	tight = 0
}

# Words of a macro line, rendered.
function macro_line(line,    n, last, dash, w, i, close_with) {
	dash = 0
	n = split(line, w, " ")
	sub(/^\./, "", w[1])
	# What closes does so before the punctuation at the end.
	for (last = n; last > 1 && w[last] ~ /^[.,:;)]$/; last--)
		;
	close_with = ""
	for (i = 1; i <= n; i++) {
		if (i == last + 1) {
			text = text close_with
			close_with = ""
		}
		if (w[i] ~ /^[.,:;)]$/) {
			text = text w[i]
			# Fl -help , -version: what follows is a flag, too.
			if (w[i] == "," && i == dash && i < n && w[i + 1] != "Fl") {
				glue("-"); tight = 1
				dash = i + 2
			}
		} else if (w[i] == "Ns")
			tight = 1
		else if (w[i] == "Pq" || w[i] == "Po") {
			glue("("); tight = 1
			if (w[i] == "Pq") close_with = ")"
		} else if (w[i] == "Pc")
			text = text ")"
		else if (w[i] == "Ql" || w[i] == "Sq") {
			glue("'"); tight = 1; close_with = "'" close_with
		} else if (w[i] == "Dq") {
			glue("\""); tight = 1; close_with = "\"" close_with
		} else if (w[i] == "Fl") {
			glue("-"); tight = 1
			dash = i + 2
		} else if (w[i] == "Op") {
			glue("["); tight = 1
			close_with = "]" close_with
		} else if (w[i] == "Xr") {
			glue(w[i + 1] "(" w[i + 2] ")"); i += 2
		} else if (w[i] == "Nm")
			glue(i < n && w[i + 1] !~ /^[.,:;)]$/ ? w[++i] : name)
		else if (w[i] !~ /^(Ar|Cm|Dv|Er|Em|Ev|Ic|It|Li|No|Pa|Sx|Sy|Va)$/)
			glue(plain(w[i]))
	}
	text = text close_with
}

function unescaped(s) {
	gsub(/\\&/, "", s)
	gsub(/\\-/, "-", s)
	gsub(/\\\(aq/, "'", s)
	gsub(/\\e/, "\\", s)
	return s
}

# A word of a macro line, which may be quoted.
function plain(s) {
	gsub(/"/, "", s)
	return unescaped(s)
}

# Prints s in lines of at most 80 columns, indented.
function fold(s, indent,    n, w, i, line) {
	n = split(s, w, " ")
	line = ""
	for (i = 1; i <= n; i++) {
		if (line != "" && length(indent line " " w[i]) > 80) {
			print indent line
			line = ""
		}
		line = line (line == "" ? "" : " ") w[i]
	}
	print indent line
}

# The item that ends here: its first sentence, and one with a default in it.
function end_item(    i, said) {
	if (item == "")
		return
	if (text != "")
		sentence[++sentences] = text
	print "  " item
	said = sentence[1]
	for (i = 2; i <= sentences; i++)
		if (sentence[i] ~ /[Dd]efault/ && said !~ /[Dd]efault/)
			said = said " " sentence[i]
	fold(said, "          ")
	item = text = ""
	sentences = 0
}

/^\.Nd / { description = substr($0, 5) }
/^\.Nm / && name == "" { name = $2 }
/^\.Sh / {
	end_item()
	section = $2
	next
}
section == "DESCRIPTION" && !begun {
	begun = 1
	print name " - " description
	print ""
	print "Options:"
}
section == "EXAMPLES" && /^\.Bd / && example == "" { in_example = 1; next }
/^\.Ed/ { in_example = 0; if (item != "") ended = 1; next }
in_example { example = example "  " unescaped($0) "\n"; next }
section != "DESCRIPTION" { next }
/^\.It Fl/ && depth <= 1 {
	end_item()
	ended = 0
	line = $0
	sub(/^\.It /, ".", line)
	macro_line(line)
	item = text
	gsub(/ ,/, ",", item)
	# -t type, --type type: the argument once.
	if (match(item, /^-[^ ,]+ [^ ,]+, --/)) {
		rest = item
		sub(/^-[^ ,]+ [^ ,]+/, "", rest)
		split(item, word, " ")
		item = word[1] rest
	}
	text = ""
	next
}
/^\.Bl / { if (item != "") ended = 1; depth++; next }
/^\.El/ { depth--; if (depth == 0) end_item(); next }
/^\.Pp/ || /^\.Bd/ || /^\.Dl/ { if (item != "") ended = 1; next }
item == "" || ended || /^\.\\"/ { next }
{
	if (/^\./)
		macro_line($0)
	else
		glue(unescaped($0))
	if (/[.]$/) {
		sentence[++sentences] = text
		text = ""
	}
}
END {
	print "  -h, --help"
	print "          Print this, and end."
	print "  --version"
	print "          Print the version, and end."
	if (example != "")
		printf "\nExample:\n%s", example
	print "\nThe manual: man " name ", man 7 bt"
}
