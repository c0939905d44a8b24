# The security groups say who may talk to whom; these say it once more a subnet, for a group opened by mistake.
locals {
  acl_rules = {
    private-in-own         = { acl = "private", egress = false, number = 100, cidr = var.cidr, from = 0, to = 65535 }
    private-in-answers     = { acl = "private", egress = false, number = 110, cidr = "0.0.0.0/0", from = 1024, to = 65535 }
    private-out-own        = { acl = "private", egress = true, number = 100, cidr = var.cidr, from = 0, to = 65535 }
    private-out-https      = { acl = "private", egress = true, number = 110, cidr = "0.0.0.0/0", from = 443, to = 443 }
    public-in-https-of-vpc = { acl = "public", egress = false, number = 100, cidr = var.cidr, from = 443, to = 443 }
    public-in-answers      = { acl = "public", egress = false, number = 110, cidr = "0.0.0.0/0", from = 1024, to = 65535 }
    public-out-https       = { acl = "public", egress = true, number = 100, cidr = "0.0.0.0/0", from = 443, to = 443 }
    public-out-answers     = { acl = "public", egress = true, number = 110, cidr = var.cidr, from = 1024, to = 65535 }
  }

  acl_subnets = merge(
    { for zone, subnet in aws_subnet.private : "private-${zone}" => { acl = "private", subnet_id = subnet.id } },
    { for zone, subnet in aws_subnet.public : "public-${zone}" => { acl = "public", subnet_id = subnet.id } },
  )
}

resource "aws_network_acl" "subnets" {
  for_each = toset(["private", "public"])

  vpc_id = aws_vpc.main.id

  tags = { Name = "${var.name_prefix}-${each.key}" }
}

resource "aws_network_acl_rule" "tcp" {
  for_each = local.acl_rules

  network_acl_id = aws_network_acl.subnets[each.value.acl].id
  egress         = each.value.egress
  rule_number    = each.value.number
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = each.value.cidr
  from_port      = each.value.from
  to_port        = each.value.to
}

resource "aws_network_acl_association" "subnets" {
  for_each = local.acl_subnets

  network_acl_id = aws_network_acl.subnets[each.value.acl].id
  subnet_id      = each.value.subnet_id

  # A subnet is closed from the moment it is associated until its rules are there.
  depends_on = [aws_network_acl_rule.tcp]
}
