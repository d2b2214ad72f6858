"""The gateway's own errors: the common codes, with the texts of the documentation or of the live service.

Texts marked (seen) are answers of the live gateway, texts marked (printed) stand in a documentation page; the others
follow their pattern. Only five names were ever seen; a code without a known name has None.
"""

from typing import NamedTuple

from emulator.call import CommonRefusal

INVALID_PARAMETER = (4000, "InvalidParameter")
AUTH_FAILURE = (4100, "AuthFailure")
ACTION_NOT_FOUND = (6100, "ActionNotFound")


class CommonError(NamedTuple):
    code: int
    name: str | None
    text: str


COMMON_ERRORS = {
    error.code: error
    for error in (
        CommonError(*INVALID_PARAMETER, "请求参数非法"),
        CommonError(*AUTH_FAILURE, "鉴权失败，请参考文档中鉴权部分。"),  # printed
        CommonError(4200, None, "请求过期"),
        CommonError(4300, None, "拒绝访问，帐号被封禁，或者不在接口针对的用户范围内等。"),
        CommonError(4400, "RequestLimitExceeded", "请求的次数超过了配额限制，请参考文档请求配额部分。"),
        CommonError(4500, "ReplayAttack", "请求被拒绝，请求重复"),
        CommonError(4600, None, "协议不支持"),
        CommonError(5000, None, "资源不存在"),
        CommonError(5100, "ResourceOpFailed", "服务内部错误，请稍后重试或联系客服人员解决。"),  # seen
        CommonError(5200, None, "资源购买失败"),
        CommonError(5300, None, "资源购买失败"),
        CommonError(5400, None, "部分执行成功"),
        CommonError(5500, None, "用户资质审核未通过"),
        CommonError(6000, "InternalError", "服务器内部出现错误，请稍后重试或者联系客服人员帮忙解决。"),
        CommonError(*ACTION_NOT_FOUND, "本版本内不支持的接口或者接口已经被废弃，请参考该接口的文档。"),  # seen
        CommonError(6200, None, "接口暂时无法访问"),
    )
}


def common(code: int, *, why: str = "") -> CommonRefusal:
    """The refusal with this common code and its usual text."""
    return CommonRefusal(*COMMON_ERRORS[code], why=why)


def missing(name: str, *, why: str = "") -> CommonRefusal:
    """The refusal of a call without a required parameter."""
    return CommonRefusal(*INVALID_PARAMETER, f"请求失败，参数[{name}]不能为空。", why=why)  # printed


def malformed(name: str, *, why: str = "") -> CommonRefusal:
    """The refusal of a bad value that the gateway itself checks."""
    return CommonRefusal(*INVALID_PARAMETER, f"请求失败，参数错误:[{name}]", why=why)


def rejected(name: str, *, why: str = "") -> CommonRefusal:
    """The refusal of a bad value that an action checks which documents no parameter error of its own."""
    return CommonRefusal(*INVALID_PARAMETER, f"(4000)请求失败，参数错误:[{name}]", why=why)  # seen


def action_missing() -> CommonRefusal:
    return CommonRefusal(*ACTION_NOT_FOUND, "请求失败，参数错误:[action]", why="the request has no Action")  # seen


def action_unknown(why: str) -> CommonRefusal:
    return common(6100, why=why)


def secret_id_unknown(why: str) -> CommonRefusal:
    return CommonRefusal(*AUTH_FAILURE, "鉴权失败，SecretId 不存在", why=why)  # printed


def signature_wrong(profile: str, why: str) -> CommonRefusal:
    if profile == "observed":
        return CommonRefusal(*AUTH_FAILURE, "身份认证失败，用户身份验证失败", why=why)  # seen
    return common(4100, why=why)


def replayed(server_time: int, why: str) -> CommonRefusal:
    """The refusal of a used Nonce and of a Timestamp too far off, which share a text (seen). `server_time`: seconds."""
    text = (
        "请求被拒绝，请求重复, 请注意 Nonce 参数两次请求不能重复, "
        f"Timestamp 与腾讯服务器相差不能超过 2 小时, 腾讯服务器 Timestamp = {server_time}"
    )
    return CommonRefusal(4500, COMMON_ERRORS[4500].name, text, why=why)


def not_authorised(operation: str, request_id: str) -> CommonRefusal:
    """The refusal of a call outside the credential's permissions (seen, with both line feeds).

    `operation`: `module:Action`.
    """
    text = (
        f"[request id:{request_id}]you are not authorized to perform operation ({operation})\n"
        "resource (*) has no permission\n"
    )
    why = f"the credential is limited to other actions than {operation}"
    return CommonRefusal(4102, "SecretidNotAuthAccessResource", text, why=why)
