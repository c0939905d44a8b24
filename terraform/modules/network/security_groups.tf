locals {
  groups = {
    endpoints = "Interface endpoints: HTTPS from what runs in the VPC"
    flink     = "Flink applications, where they run in the VPC"
    lambda    = "Lambdas: HTTPS out, the cache"
    valkey    = "The cache: from Lambdas only"
  }

  # Valkey Serverless answers on 6379, reads from replicas on 6380.
  inside = {
    flink-endpoints  = { from = "flink", to = "endpoints", first_port = 443, last_port = 443 }
    lambda-endpoints = { from = "lambda", to = "endpoints", first_port = 443, last_port = 443 }
    lambda-valkey    = { from = "lambda", to = "valkey", first_port = 6379, last_port = 6380 }
  }
}

resource "aws_security_group" "parts" {
  for_each = local.groups

  name        = "${var.name_prefix}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${var.name_prefix}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  for_each = local.inside

  description                  = "From ${each.value.from}"
  security_group_id            = aws_security_group.parts[each.value.to].id
  referenced_security_group_id = aws_security_group.parts[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.first_port
  to_port                      = each.value.last_port
}

resource "aws_vpc_security_group_egress_rule" "inside" {
  for_each = local.inside

  description                  = "To ${each.value.to}"
  security_group_id            = aws_security_group.parts[each.value.from].id
  referenced_security_group_id = aws_security_group.parts[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.first_port
  to_port                      = each.value.last_port
}

# DynamoDB and S3 (gateway endpoints) and API Gateway (NAT) have public addresses, so the range cannot be narrowed.
resource "aws_vpc_security_group_egress_rule" "https" {
  for_each = toset(["flink", "lambda"])

  description       = "AWS's APIs"
  security_group_id = aws_security_group.parts[each.key].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
