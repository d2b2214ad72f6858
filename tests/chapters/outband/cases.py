"""Out-of-band access: parameters that each action accepts, and a case for each documented error."""

from support.account import HEAD, LIMITED, device, fault
from support.cases import Case, Params, changed, errors_of

GOOD: dict[str, Params] = {
    "GetDeviceOutBandInfo": {"instanceId": "cpm-aaaaaaaa"},
    "GetOutBandVPNAuthInfo": {"zoneId": 1000100003},
    "SetOutBandVPNAuthPwd": {"password": "tencent89", "createOrUpdate": "create"},
}
VPN = 'out_of_band_vpn = {password = "tencent89"}\n'
CREATE = GOOD["SetOutBandVPNAuthPwd"]
CASES = [
    *(
        Case(name, code, GOOD[name], HEAD + fault(name, code))
        for name, code in errors_of(*GOOD)
        if code in (9001, 10100, 10101)  # what only a broken backend explains
    ),
    *(Case(name, 10004, GOOD[name], credential=LIMITED) for name in GOOD),
    Case("GetDeviceOutBandInfo", 10105, GOOD["GetDeviceOutBandInfo"], HEAD + device()),
    Case("GetDeviceOutBandInfo", 11041, {"instanceId": "cpm-bbbbbbbb"}, HEAD + VPN),
    Case("GetDeviceOutBandInfo", 11041, {"instanceId": "cpm-an5a9wv4"}, HEAD + VPN),  # another account's
    Case("GetDeviceOutBandInfo", 10106, GOOD["GetDeviceOutBandInfo"], HEAD + VPN + device()),
    Case("GetOutBandVPNAuthInfo", 10105, {"zoneId": 1}),
    Case("GetOutBandVPNAuthInfo", 10105, {"zoneId": 2}, HEAD + "\n[[zones]]\nid = 2\n"),
    Case("SetOutBandVPNAuthPwd", 10101, changed(CREATE, createOrUpdate="update")),
    Case("SetOutBandVPNAuthPwd", 10101, CREATE, HEAD + VPN),
]
