# ssh.sh - machines to log in to: each is an sshd of the test's own on this one.
# shellcheck shell=sh disable=SC2154

has_sshd() {
	test -x /usr/sbin/sshd && command -v ssh-keygen >/dev/null
}

# machines NAME ...: ssh leads to them.  Their shells begin in this folder, with the
# variables of this one and MACHINE.
machines() {
	mkdir -p ssh/bin
	(
		cd ssh || exit
		ssh-keygen -q -t ed25519 -N '' -f host
		ssh-keygen -q -t ed25519 -N '' -f user
		export -p | sed '/ \(PWD\|OLDPWD\)=/d' >begin
		echo "cd '$PWD/..'" >>begin
		test "$(id -u)" -ne 0 || mkdir -p /run/sshd
		for name; do
			port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
			cat >"$name.conf" <<-END
			ListenAddress 127.0.0.1:$port
			HostKey $PWD/host
			PidFile $PWD/$name.pid
			AuthorizedKeysFile $PWD/user.pub
			StrictModes no
			UsePAM no
			PermitRootLogin yes
			# bash would read .bashrc.
			SetEnv SHLVL=1
			ForceCommand export MACHINE=$name; . $PWD/begin; eval "\$SSH_ORIGINAL_COMMAND"
			END
			cat >>ssh.conf <<-END
			Host $name
			Port $port
			END
		done
		cat >>ssh.conf <<-END
		Host *
		HostName 127.0.0.1
		IdentityFile $PWD/user
		StrictHostKeyChecking no
		UserKnownHostsFile $PWD/known
		LogLevel ERROR
		END
		printf '%s\n' '#!/bin/sh' "exec /usr/bin/ssh -F '$PWD/ssh.conf' \"\$@\"" >bin/ssh
		chmod +x bin/ssh
	)
	PATH=$PWD/ssh/bin:$PATH
	# They end with this shell, however it ends.
	for name; do
		setpriv --pdeathsig KILL /usr/sbin/sshd -D -f "$PWD/ssh/$name.conf" &
	done
	for name; do
		await ssh "$name" true
	done
}

# below PID ...: these and all that they have started.
below() {
	for pid; do
		echo "$pid"
		# shellcheck disable=SC2046
		below $(cat "/proc/$pid/task/"*/children 2>/dev/null)
	done
}

# end_machine NAME: at once, with all that runs there.
end_machine() {
	# shellcheck disable=SC2046
	kill -9 $(below "$(cat "ssh/$1.pid")") 2>/dev/null || :
	rm "ssh/$1.pid"
}

end_machines() {
	for file in ssh/*.pid; do
		test ! -e "$file" || end_machine "$(basename "$file" .pid)"
	done
}
