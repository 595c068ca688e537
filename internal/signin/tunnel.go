package signin

import (
	"net/netip"
	"strconv"
	"strings"
)

// tunnel is the command that brings a browser's answer from where the browser is to a port of this machine.
func tunnel(port int, target string) string {
	p := strconv.Itoa(port)
	return "ssh -N -L " + p + ":127.0.0.1:" + p + " " + target
}

// TunnelTarget says how ssh reaches this machine again, from what sshd told in SSH_CONNECTION ("client port server
// port"): user@host, and -p where the port is not 22. It is empty where the session is not one over SSH. user is the
// account here; the host is the address that the session came in at, since names may differ on the other side.
func TunnelTarget(sshConnection, user string) string {
	f := strings.Fields(sshConnection)
	if len(f) != 4 {
		return ""
	}
	host, err := netip.ParseAddr(f[2])
	if err != nil {
		return ""
	}
	target := host.Unmap().WithZone("").String()
	if plainName(user) {
		target = user + "@" + target
	}
	if port, err := strconv.ParseUint(f[3], 10, 16); err == nil && port != 22 && port != 0 {
		target = "-p " + strconv.FormatUint(port, 10) + " " + target
	}
	return target
}

// plainName tells whether a shell takes an account's name as it is.
func plainName(s string) bool {
	return s != "" && s[0] != '-' && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
	}) < 0
}
