package portal

import (
	"strings"
	"testing"
)

// hostile lists links that must never be used for incident 29 of the customer C. In them H is the portal's host, C
// the customer's tid, F the tid of another customer; every other letter stands for itself where it is not within {}.
func hostile() map[string][]string {
	return map[string][]string{
		"other schemes": {
			"http://{H}/incidents/29?tid={C}", "ftp://{H}/incidents/29?tid={C}", "//{H}/incidents/29?tid={C}",
			"{H}/incidents/29?tid={C}", "/incidents/29?tid={C}", "file://{H}/incidents/29?tid={C}", "file:///etc/passwd",
			"javascript:alert(1)", "javascript://{H}/incidents/29?tid={C}%0aalert(1)", "JaVaScRiPt:alert(1)//https://{H}/",
			"data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=", "data://{H}/incidents/29?tid={C}",
			"vbscript:msgbox(1)", "ms-msdt:/id PCWDiagnostic", "search-ms:query=x&crumb=location:\\\\evil\\x", "smb://{H}/x",
			"ssh://{H}/incidents/29?tid={C}", "mailto:soc@{H}", "tel:112", "about:blank", "blob:https://{H}/29", "view-source:https://{H}/incidents/29?tid={C}",
			"intent://{H}/incidents/29?tid={C}", "microsoft-edge:https://{H}/incidents/29?tid={C}", "wss://{H}/incidents/29?tid={C}",
			"https:{H}/incidents/29?tid={C}", "https:/{H}/incidents/29?tid={C}", "https:///{H}/incidents/29?tid={C}",
			"https:////{H}/incidents/29?tid={C}", "https//{H}/incidents/29?tid={C}", "httpss://{H}/incidents/29?tid={C}",
			"https ://{H}/incidents/29?tid={C}", "hxxps://{H}/incidents/29?tid={C}", "https:\\\\{H}\\incidents\\29?tid={C}",
			"https:/\\{H}/incidents/29?tid={C}", "htt\tps://{H}/incidents/29?tid={C}", "-https://{H}/incidents/29?tid={C}",
			"http\u017F://{H}/incidents/29?tid={C}", "url:https://{H}/incidents/29?tid={C}", "$(touch x)", "`touch x`", "--new-window",
		},
		"other hosts": {
			"https://evil.example/incidents/29?tid={C}", "https://evil.example/{H}/incidents/29?tid={C}",
			"https://{H}.evil.example/incidents/29?tid={C}", "https://evil{H}/incidents/29?tid={C}",
			"https://www.{H}/incidents/29?tid={C}", "https://mto.{H}/incidents/29?tid={C}", "https://microsoft.com/incidents/29?tid={C}",
			"https://security.microsoft.us/incidents/29?tid={C}", "https://security.apps.mil/incidents/29?tid={C}",
			"https://portal.azure.com/incidents/29?tid={C}", "https://login.microsoftonline.com/incidents/29?tid={C}",
			"https://securitymicrosoft.com/incidents/29?tid={C}", "https://security-microsoft.com/incidents/29?tid={C}",
			"https://security.microsoft.co/incidents/29?tid={C}", "https://security.microsoft.com.co/incidents/29?tid={C}",
			"https://security.rnicrosoft.com/incidents/29?tid={C}", "https://security.micros0ft.com/incidents/29?tid={C}",
			"https://security.mlcrosoft.com/incidents/29?tid={C}", "https://securlty.microsoft.com/incidents/29?tid={C}",
			"https://security.microsoft.corn/incidents/29?tid={C}", "https://security_microsoft.com/incidents/29?tid={C}",
			"https://{H}./incidents/29?tid={C}", "https://.{H}/incidents/29?tid={C}", "https://security..microsoft.com/incidents/29?tid={C}",
			"https://localhost/incidents/29?tid={C}", "https://127.0.0.1/incidents/29?tid={C}", "https://[::1]/incidents/29?tid={C}",
			"https://2130706433/incidents/29?tid={C}", "https://0x7f000001/incidents/29?tid={C}", "https://169.254.169.254/incidents/29?tid={C}",
			"https:///incidents/29?tid={C}", "https://?tid={C}", "https://", "https://#{H}/incidents/29?tid={C}",
			"https://evil.example?https://{H}/incidents/29?tid={C}", "https://evil.example#https://{H}/incidents/29?tid={C}",
			"https://evil.example;{H}/incidents/29?tid={C}", "https://evil.example,{H}/incidents/29?tid={C}",
			"https://evil.example%2F{H}/incidents/29?tid={C}", "https://evil.example%23.{H}/incidents/29?tid={C}",
			"https://{H}%2F.evil.example/incidents/29?tid={C}", "https://{H}%00.evil.example/incidents/29?tid={C}",
			"https://{H}%20/incidents/29?tid={C}", "https://security%2Emicrosoft.com/incidents/29?tid={C}",
			"https://%73ecurity.microsoft.com/incidents/29?tid={C}", "https://[{H}]/incidents/29?tid={C}",
			"https://{H};/incidents/29?tid={C}", "https://{H}&/incidents/29?tid={C}", "https://*.microsoft.com/incidents/29?tid={C}",
		},
		"letters that look alike": {
			"https://seсurity.microsoft.com/incidents/29?tid={C}", "https://security.miсrosoft.com/incidents/29?tid={C}",
			"https://security.microsoft.cоm/incidents/29?tid={C}", "https://ѕecurity.microsoft.com/incidents/29?tid={C}",
			"https://security。microsoft。com/incidents/29?tid={C}", "https://security．microsoft．com/incidents/29?tid={C}",
			"https://security｡microsoft｡com/incidents/29?tid={C}", "https://security․microsoft․com/incidents/29?tid={C}",
			"https://ｓｅｃｕｒｉｔｙ.microsoft.com/incidents/29?tid={C}", "https://security.microsoﬅ.com/incidents/29?tid={C}",
			"https://\u017Fecurity.microsoft.com/incidents/29?tid={C}", "https://security.micro\u017Foft.com/incidents/29?tid={C}",
			"https://secur\u0131ty.microsoft.com/incidents/29?tid={C}", "https://xn--seurity-3of.microsoft.com/incidents/29?tid={C}",
			"https://security.xn--mirosoft-vjg.com/incidents/29?tid={C}", "https://security\u00AD.microsoft.com/incidents/29?tid={C}",
			"https://security\u200B.microsoft.com/incidents/29?tid={C}", "https://\u2060{H}/incidents/29?tid={C}", "\uFEFFhttps://{H}/incidents/29?tid={C}",
			"https://{H}∕incidents/29?tid={C}", "https://{H}⁄incidents/29?tid={C}", "https://{H}／incidents/29?tid={C}",
			"https://{H}＃@evil.example/incidents/29?tid={C}", "https://{H}﹖.evil.example/incidents/29?tid={C}",
			"https://\u202Emoc.tfosorcim.ytiruces/incidents/29?tid={C}", "https://{H}/incidents/29?tid={C}\u202E", "https://{H}℀.evil.example/incidents/29?tid={C}",
			"https://{H}/incidents/２９?tid={C}", "https://{H}/incidents/29？tid={C}", "https://{H}/incidents/29?tid＝{C}", "https://{H}/incidents/29?ｔｉｄ={C}",
		},
		"users and ports": {
			"https://user@{H}/incidents/29?tid={C}", "https://user:pass@{H}/incidents/29?tid={C}", "https://@{H}/incidents/29?tid={C}",
			"https://:@{H}/incidents/29?tid={C}", "https://{H}@evil.example/incidents/29?tid={C}", "https://{H}:443@evil.example/incidents/29?tid={C}",
			"https://{H}%40evil.example/incidents/29?tid={C}", "https://evil.example%40{H}/incidents/29?tid={C}", "https://evil.example@{H}/incidents/29?tid={C}",
			"https://a@b@{H}/incidents/29?tid={C}", "https://{H}\\@evil.example/incidents/29?tid={C}", "https://{H}#@evil.example/incidents/29?tid={C}",
			"https://{H}?@evil.example/incidents/29?tid={C}", "https://{H}/@evil.example/incidents/29?tid={C}",
			"https://{H}:80/incidents/29?tid={C}", "https://{H}:8443/incidents/29?tid={C}", "https://{H}:0443/incidents/29?tid={C}",
			"https://{H}:/incidents/29?tid={C}", "https://{H}:443:443/incidents/29?tid={C}", "https://{H}:4430/incidents/29?tid={C}",
			"https://{H}:-443/incidents/29?tid={C}", "https://{H}:+443/incidents/29?tid={C}", "https://{H}:0/incidents/29?tid={C}",
			"https://{H}:65979/incidents/29?tid={C}", "https://{H}:https/incidents/29?tid={C}", "https://{H}:443.evil.example/incidents/29?tid={C}",
			"https://{H}:443 /incidents/29?tid={C}", "https://{H}:４４３/incidents/29?tid={C}",
		},
		"control characters": {
			"https://{H}/incidents/29?tid={C}\r\nSet-Cookie: a=b", "https://{H}/incidents/29?tid={C}\n", "https://{H}/incidents/29?tid={C}\r",
			"\nhttps://{H}/incidents/29?tid={C}", " https://{H}/incidents/29?tid={C}", "https://{H}/incidents/29?tid={C} ",
			"https://{H}/incidents/29?tid={C}\x00", "https://{H}\x00.evil.example/incidents/29?tid={C}", "https://{H}/inci\tdents/29?tid={C}",
			"https://{H}/incidents/29?tid={C}\x1b]8;;https://evil.example\x1b\\", "https://{H}/incidents/29?tid={C}\x07", "https://{H}/incidents/29?tid={C}\x7f",
			"https://{H}/incidents/29?tid={C}\x9b31m", "https://{H}/incidents/29?tid={C}\u0085", "https://{H}/incidents/29?tid={C}\u2028", "https://{H}/incidents/29?tid={C}\xff",
			"https://{H}/incidents/29?tid={C}\u00A0", "https://{H}/incidents/29?tid={C}\x1b[201~rm -rf", "https://{H}/incidents/29%0d%0aX:y?tid={C}",
			"https://{H}/incidents/29%00?tid={C}", "https://{H}/incidents/29%0a?tid={C}", "https://{H}/incidents/29?tid={C}%0d%0a", "https://{H}/incidents/29?tid={C}%00",
			"https://{H}/incidents/29?tid={C}%20", "https://{H}/incidents/29?tid=+{C}", "https://{H}/incidents/29?tid={C}+", "https://{H}/incidents/29?tid=%09{C}",
		},
		"other pages": {
			"https://{H}", "https://{H}/", "https://{H}?tid={C}", "https://{H}/?tid={C}", "https://{H}/incidents?tid={C}", "https://{H}/incidents/?tid={C}",
			"https://{H}/incidents/28?tid={C}", "https://{H}/incidents/290?tid={C}", "https://{H}/incidents/029?tid={C}", "https://{H}/incidents/2 9?tid={C}",
			"https://{H}//incidents/29?tid={C}", "https://{H}/incidents//29?tid={C}", "https://{H}/incidents/29/?tid={C}", "https://{H}/incidents/29//?tid={C}",
			"https://{H}/./incidents/29?tid={C}", "https://{H}/x/../incidents/29?tid={C}", "https://{H}/incidents/../logout/29?tid={C}",
			"https://{H}/incidents/29/..?tid={C}", "https://{H}/incidents/29/../28?tid={C}", "https://{H}/incidents/29/%2e%2e/28?tid={C}",
			"https://{H}/incidents%2F29?tid={C}", "https://{H}/incidents/29%2F..%2F28?tid={C}", "https://{H}%2Fincidents/29?tid={C}", "https://{H}/incidents/%32%39?tid={C}",
			"https://{H}/%69ncidents/29?tid={C}", "https://{H}/incidents/29%3Ftid={C}", "https://{H}/incidents/29%3ftid={C}?tid={C}", "https://{H}/Incidents/29?tid={C}",
			"https://{H}/INCIDENTS/29?tid={C}", "https://{H}\\incidents\\29?tid={C}", "https://{H}/incidents\\29?tid={C}", "https://{H}/\\evil.example/29?tid={C}",
			"https://{H}//evil.example/incidents/29?tid={C}", "https://{H}/incidents/29;x=1?tid={C}", "https://{H}/incidents;/29?tid={C}", "https://{H}/incidents/29:443?tid={C}",
			"https://{H}/incident/29?tid={C}", "https://{H}/incident2/29?tid={C}", "https://{H}/incident2/28/overview?tid={C}", "https://{H}/incident2/29/overview/x?tid={C}",
			"https://{H}/incident2/29/settings?tid={C}", "https://{H}/alerts/29?tid={C}", "https://{H}/logout?tid={C}", "https://{H}/redirect?url=https://evil.example&tid={C}",
			"https://{H}/apiproxy/mtp/incidents/29?tid={C}", "https://{H}/incidents/{C}?tid={C}", "https://{H}/incidents/29%?tid={C}", "https://{H}/incidents/29%zz?tid={C}",
			"https://{H}/<script>?tid={C}", "https://{H}/incidents/29'?tid={C}", "https://{H}/incidents/29\"?tid={C}", "https://{H}/incidents/29$(id)?tid={C}", "https://{H}/incidents/29`id`?tid={C}",
		},
		"other tenants": {
			"https://{H}/incidents/29", "https://{H}/incidents/29?", "https://{H}/incidents/29?tid", "https://{H}/incidents/29?tid=", "https://{H}/incidents/29?tid={F}",
			"https://{H}/incidents/29?tid={F}&tid={C}", "https://{H}/incidents/29?tid={C}&tid={F}", "https://{H}/incidents/29?tid={C}&tid={C}",
			"https://{H}/incidents/29?tid={C},{F}", "https://{H}/incidents/29?tid={C}{F}", "https://{H}/incidents/29?tid={C}x", "https://{H}/incidents/29?tid={C}%26tid={F}",
			"https://{H}/incidents/29?TID={C}", "https://{H}/incidents/29?Tid={F}&tid={C}", "https://{H}/incidents/29?tid={C}&TID={F}", "https://{H}/incidents/29?tid={C}&%74id={F}",
			"https://{H}/incidents/29?%74id={F}&tid={C}", "https://{H}/incidents/29?tid[]={C}", "https://{H}/incidents/29?tid={C}&tid[]={F}", "https://{H}/incidents/29?tid={C}&tid[0]={F}",
			"https://{H}/incidents/29?tid={C}&tid%00={F}", "https://{H}/incidents/29?tid={C}&+tid={F}", "https://{H}/incidents/29?tid={C}&tid ={F}",
			"https://{H}/incidents/29?tenantId={C}", "https://{H}/incidents/29?tenantId={F}", "https://{H}/incidents/29?tenantId={C}&tid={F}", "https://{H}/incidents/29?tid={C}&tenantId={F}",
			"https://{H}/incidents/29?tid=contoso.onmicrosoft.com", "https://{H}/incidents/29?tid=common", "https://{H}/incidents/29?tid=00000000-0000-0000-0000-000000000000",
			"https://{H}/incidents/29?tid={{C}}", "https://{H}/incidents/29?tid=%7B{C}%7D", "https://{H}/incidents/29#tid={C}", "https://{H}/incidents/29#?tid={C}", "https://{H}/incidents/29?#tid={C}",
			"https://{H}/incidents/29?tid={C}#tid={F}", "https://{H}/incidents/29?tid={C}#", "https://{H}/incidents/29?tid={C}#/../incidents/28", "https://{H}/incidents/29?tid={F}#tid={C}",
			"https://{H}/incidents/29?tid={C};tid={F}", "https://{H}/incidents/29;tid={C}", "https://{H}/incidents/29?tid={C}&", "https://{H}/incidents/29?&tid={C}", "https://{H}/incidents/29??tid={C}",
			"https://{H}/incidents/29?tid=={C}", "https://{H}/incidents/29?tid={C}&x=1", "https://{H}/incidents/29?redirect=https://evil.example&tid={C}", "https://{H}/incidents/29?tid={C}?tid={F}",
			"https://{H}/incidents/29&tid={C}", "https://{H}/incidents/29?x=tid={C}", "https://{H}/incidents/29?xtid={C}", "https://{H}/incidents/29?tid%3D{C}", "https://{H}/incidents/29?tid={C}%",
		},
	}
}

func TestHostileLinksAreNeverUsed(t *testing.T) {
	t.Parallel()
	p := open(t, public)
	fill := strings.NewReplacer("{H}", p.Host(), "{C}", string(contoso), "{F}", string(fabrikam))
	total := 0
	for name, urls := range hostile() {
		total += len(urls)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, raw := range urls {
				given := fill.Replace(raw)
				l := p.Incident(contoso, "29", given)
				if !l.Rebuilt || l.Why == "" || l.URL != public+"/incidents/29"+withTid {
					t.Errorf("%q passed as an incident: %+v", given, l)
				}
				given = strings.ReplaceAll(given, "/incidents/", "/alerts/")
				if strings.Contains(raw, "/alerts/29?tid={C}") { // the right page of an alert
					continue
				}
				l = p.Alert(contoso, "29", given)
				if !l.Rebuilt || l.Why == "" || l.URL != public+"/alerts/29"+withTid {
					t.Errorf("%q passed as an alert: %+v", given, l)
				}
			}
		})
	}
	if total < 200 {
		t.Errorf("only %d hostile links", total)
	}
	t.Log(total, "hostile links")
}
