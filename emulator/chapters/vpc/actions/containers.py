"""Subnets for containers: actions that no page documents, and that a public Go client called.

They are made and deleted as other subnets are, in VLAN 5 or one from 2000 to 2999. Registering the range of one is a
task for DescriptionOperationResult; while it is registered, none of its addresses is free and it cannot be deleted.
ZhDockerSubnetAvailable lists those that are neither registered nor used. `subnetType` is checked, and changes nothing.
Errors are those of CreateBmSubnet and DeleteBmSubnet.
"""

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, running_vpc, subnet_in, task_body, vpc_of
from emulator.chapters.vpc.actions.subnets import create_subnet, delete_subnet, subnet_to_delete
from emulator.chapters.vpc.records.networks import SUBNETS, Subnet
from emulator.chapters.vpc.work.containers import begin_registration
from emulator.world.accounts import account_of, quotas_of
from emulator.world.pending import work_on


@action("CreateBmContainerSubnet", MODULE)
def create_bm_container_subnet(call: Call) -> Body:
    """Make subnets for containers (a Go client of 2018)."""
    call["subnetType"]  # both types are alike here
    vpc = running_vpc(call, malformed=-3001)
    quotas = quotas_of(account_of(call.world, call.account_id))
    rows = []
    for sent in call["subnetSet"]:
        subnet = create_subnet(call, vpc, sent, quotas)
        SUBNETS.change(call.world, subnet.un_id, docker=1)
        names = {"unSubnetId": subnet.un_id, "subnetName": subnet.name, "cidrBlock": subnet.cidr}
        rows.append({"subnetId": subnet.id, **names})
    return {"subnetSet": rows}


@action("DeleteBmContainerSubnet", MODULE)
def delete_bm_container_subnet(call: Call) -> Body:
    """Delete a subnet for containers whose range is not registered (a Go client of 2018)."""
    subnet = subnet_to_delete(call)
    if not subnet.docker:
        raise Refusal("BmVpc.SubnetNotExist", why=f"{subnet.un_id} is no subnet for containers")
    if subnet.registered or work_on(call.world, subnet.un_id) is not None:
        raise Refusal("BmVpc.SubnetCannotDelete", why=f"the range of {subnet.un_id} is registered, or just changing")
    delete_subnet(call, subnet)
    return {}


@action("RegisterContainerSubnetIp", begins_operations=True)
def register_container_subnet_ip(call: Call) -> Body:
    """Begin to register the whole range of a subnet for containers (a Go client of 2018)."""
    return task_body(begin_registration(call, _subnet(call, registered=False), registered=True))


@action("ReleaseContainerSubnetIp", begins_operations=True)
def release_container_subnet_ip(call: Call) -> Body:
    """Begin to give the range of a subnet for containers back (a Go client of 2018)."""
    return task_body(begin_registration(call, _subnet(call, registered=True), registered=False))


def _subnet(call: Call, *, registered: bool) -> Subnet:
    vpc = vpc_of(call, unknown="InvalidParameter")
    subnet = subnet_in(call, vpc, call["unSubnetId"], unknown="InvalidParameter")
    if not subnet.docker or bool(subnet.registered) != registered or work_on(call.world, subnet.un_id) is not None:
        state = "registered" if subnet.registered else "not registered"
        raise BadParameter("unSubnetId", f"{subnet.un_id} is {state}, just changing, or not for containers")
    return subnet
