# keys.sh - keys that something between a shell and a store gets wrong.
# shellcheck shell=sh

# keys: one a line, as a format for printf(1).
keys() {
	cat <<-'END'
	plain
	.
	..
	a/./b
	a/../b
	../../../etc/outside
	/
	//
	a//b
	/leading
	trailing/
	\040
	two  blanks
	\040both ends\040
	tab\there
	new\nline
	ends with one\n
	carriage\rreturn
	%%2F
	a%%2Fb
	%%
	%%zz
	+
	a+b c
	=
	k=v/x=y
	&
	a&b=c&&d
	?
	a?versionId=null
	#
	a#bytes=0+5,records=0+1
	'single'
	"double"
	back\\\\slash
	$HOME`id`;!
	*?[a-z]{b,c}
	<a>&amp;</a>
	()@:,|^~
	\055
	\055-help
	\001
	\177
	\360\237\230\200/\360\237\246\204
	e\314\201\303\251
	END
	printf '%01024d\n' 0
}

# with_each COMMAND ...: COMMAND with each key as its last argument.
with_each() {
	keys | while IFS= read -r format; do
		# shellcheck disable=SC2059
		key=$(printf "$format" && echo x)
		"$@" "${key%x}" </dev/null || exit
	done
}
