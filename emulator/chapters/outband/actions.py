"""Out-of-band access (带外相关接口): a server's BMC login, and the VPN account that leads to it.

GetOutBandVPNAuthInfo answers 10105 for a zone that is unknown or has no VPN gateway. 10100 and 10101 come from the
authentication module behind the API, so a fault rule provokes them. SetOutBandVPNAuthPwd answers 10101 by itself too:
for `create` where the VPN account exists, and for `update` where it does not.
"""

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.records.device import UNDELIVERED
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.devices.records.parts import OUT_OF_BAND
from emulator.chapters.finding import find
from emulator.chapters.outband.records import VPN_ACCOUNTS, vpn_gateway
from emulator.chapters.registry import action


@action("GetDeviceOutBandInfo")
def get_device_out_band_info(call: Call) -> Body:
    """Read a server's out-of-band login (带外相关接口/获取带外登录信息.md).

    ObAuthNoConfig 10105: the account has no out-of-band VPN account, so nobody could reach the BMC.
    InvalidInstanceId 11041: no such device, or another account's.
    TocQueryError 10106: the device's out-of-band record is missing, or the device is not delivered yet.
    """
    if VPN_ACCOUNTS.find_any(call.world, call.account_id) is None:
        raise Refusal("InvalidResource.ObAuthNoConfig", why="SetOutBandVPNAuthPwd creates the VPN account")
    device = find(call, DEVICES, call["instanceId"], unknown="InvalidInstanceId")
    if device.device_status in UNDELIVERED:
        raise Refusal("InternalError.TocQueryError", why=f"{device.instance_id} is not delivered yet")
    login = OUT_OF_BAND.find_any(call.world, device.instance_id)
    if login is None:
        raise Refusal("InternalError.TocQueryError", why=f"{device.instance_id} has no out-of-band record")
    info = {
        "dhcp_ip": login.ip,
        "password": login.password,
        "sn": login.serial_number,
        "username": login.user_name,
    }
    return {"data": {"outbandInfo": info}}


@action("GetOutBandVPNAuthInfo")
def get_out_band_vpn_auth_info(call: Call) -> Body:
    """Read what goes into the VPN client (带外相关接口/获取带外VPN信息.md).

    `be_first` is true until SetOutBandVPNAuthPwd has created the VPN account; the names are those it will get.
    ObAuthNoConfig 10105: the zone is unknown, or has no VPN gateway.
    """
    gateway = vpn_gateway(call.world, call["zoneId"])
    if gateway is None:
        raise Refusal("InvalidResource.ObAuthNoConfig", why=f"zone {call['zoneId']} has no out-of-band VPN gateway")
    account = VPN_ACCOUNTS.find_any(call.world, call.account_id)
    names = _names(call) if account is None else {"user_name": account.user_name, "user_group": account.user_group}
    info = {
        "vpnGwAddr": gateway,
        "userName": names["user_name"],
        "userGroup": names["user_group"],
        "be_first": account is None,
    }
    return {"data": {"authInfo": info}}


@action("SetOutBandVPNAuthPwd")
def set_out_band_vpn_auth_pwd(call: Call) -> Body:
    """Create the VPN account, or change its password (带外相关接口/重置带外VPN密码.md).

    ObAuthError 10101: `create` where the account exists, `update` where it does not.
    """
    exists = VPN_ACCOUNTS.find_any(call.world, call.account_id) is not None
    create = call["createOrUpdate"] == "create"
    if create == exists:
        raise Refusal("InternalError.ObAuthError", why=f"the VPN account {'exists' if exists else 'does not exist'}")
    if create:
        VPN_ACCOUNTS.add(call.world, account_id=call.account_id, **_names(call), password=call["password"])
    else:
        VPN_ACCOUNTS.change(call.world, call.account_id, password=call["password"])
    return {"data": None}


def _names(call: Call) -> dict[str, str]:
    return {"user_name": call.app_id, "user_group": f"bm{call.app_id}"}
