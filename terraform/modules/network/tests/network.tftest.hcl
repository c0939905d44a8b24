mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

# The README's example.
variables {
  name_prefix         = "rta-dev"
  alarm_topic_arn     = "arn:aws:sns:us-east-1:111122223333:rta-dev-alarms"
  kms_key_arn         = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  cidr                = "10.20.0.0/16"
  zones               = ["us-east-1a", "us-east-1b", "us-east-1c"]
  nat                 = "PER_ZONE"
  interface_endpoints = ["kinesis-streams"]
}

run "every_zone_has_two_subnets_and_a_way_out" {
  command = plan

  assert {
    condition = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == {
      us-east-1a = "10.20.0.0/19"
      us-east-1b = "10.20.32.0/19"
      us-east-1c = "10.20.64.0/19"
    }
    error_message = "Private subnets are a /19 a zone."
  }
  assert {
    condition = { for zone, subnet in aws_subnet.public : zone => subnet.cidr_block } == {
      us-east-1a = "10.20.128.0/22"
      us-east-1b = "10.20.132.0/22"
      us-east-1c = "10.20.136.0/22"
    }
    error_message = "Public subnets are a /22 a zone, apart from the private ones."
  }
  assert {
    condition     = length(aws_nat_gateway.zones) == 3 && length(aws_route.nat) == 3
    error_message = "PER_ZONE is a gateway and a route a zone."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "Nothing gets a public address by being started."
  }
}

run "one_gateway_serves_every_zone" {
  command = plan
  variables {
    nat = "ONE"
  }

  assert {
    condition     = keys(aws_nat_gateway.zones) == ["us-east-1a"] && length(aws_route.nat) == 3
    error_message = "ONE is a gateway in the first zone and a route from each."
  }
}

run "without_nat_nothing_is_paid_for" {
  command = plan
  variables {
    nat                 = "NONE"
    interface_endpoints = []
  }

  assert {
    condition     = length(aws_nat_gateway.zones) + length(aws_eip.nat) + length(aws_route.nat) + length(aws_vpc_endpoint.interfaces) == 0
    error_message = "No gateway, no address, no route, no interface endpoint."
  }
  assert {
    condition     = keys(aws_vpc_endpoint.gateways) == ["dynamodb", "s3"]
    error_message = "Gateway endpoints are free and stay."
  }
}

run "the_cache_answers_to_lambdas_only" {
  command = plan

  assert {
    condition     = [for rule in values(local.inside) : rule.from if rule.to == "valkey"] == ["lambda"]
    error_message = "Only Lambdas reach the cache."
  }
}

run "an_unknown_nat_is_refused" {
  command = plan
  variables {
    nat = "TWO"
  }
  expect_failures = [var.nat]
}

run "a_hiding_endpoint_is_refused" {
  command = plan
  variables {
    interface_endpoints = ["execute-api"]
  }
  expect_failures = [var.interface_endpoints]
}

run "two_zones_are_refused" {
  command = plan
  variables {
    zones = ["us-east-1a", "us-east-1b"]
  }
  expect_failures = [var.zones]
}

run "a_small_range_is_refused" {
  command = plan
  variables {
    cidr = "10.20.0.0/24"
  }
  expect_failures = [var.cidr]
}
