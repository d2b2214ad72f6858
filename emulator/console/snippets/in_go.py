"""A call in Go, with its standard library."""

from emulator.console.snippets.sending_call import SendingCall, lines, quoted


def program(call: SendingCall) -> str:
    """It prints the answer. Formatted as gofmt does."""
    timestamp = quoted(call.timestamp) if call.timestamp else "fmt.Sprint(time.Now().Unix())"
    return f"""package main

import (
	"crypto/hmac"
	"crypto/{call.digest}"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"time"
)

func main() {{
	parameters := map[string]string{{}}
	parameters["Action"] = {quoted(call.action)}
	parameters["Nonce"] = fmt.Sprint(rand.New(rand.NewSource(time.Now().UnixNano())).Int31())
	parameters["Timestamp"] = {timestamp}
	parameters["SecretId"] = {quoted(call.secret_id)}
{lines(call, "	parameters[{name}] = {value}")}	pairs, form := []string{{}}, url.Values{{}}
	for name, value := range parameters {{
		pairs = append(pairs, name+"="+value)
		form.Set(name, value)
	}}
	sort.Slice(pairs, func(i, j int) bool {{
		return strings.SplitN(pairs[i], "=", 2)[0] < strings.SplitN(pairs[j], "=", 2)[0]
	}})
	keyed := hmac.New({call.digest}.New, []byte({quoted(call.secret_key)}))
	keyed.Write([]byte("{call.signed_to}" + strings.Join(pairs, "&")))
	form.Set("Signature", base64.StdEncoding.EncodeToString(keyed.Sum(nil)))
{_sending(call)}}}
"""


def _sending(call: SendingCall) -> str:
    url = quoted(call.url)
    where = f'{url}+"?"+form.Encode(), nil' if call.method == "GET" else f"{url}, strings.NewReader(form.Encode())"
    return f"""	request, err := http.NewRequest("{call.method}", {where})
	if err != nil {{
		panic(err)
	}}
	request.Host = {quoted(call.host)}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {{
		panic(err)
	}}
	io.Copy(os.Stdout, answer.Body)
"""
