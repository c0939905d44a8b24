data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id

  # Names of buckets are shared by all of AWS: the account makes them ours.
  buckets = {
    for part in ["artifacts", "athena", "lake", "logs", "page"] : part => "${var.name_prefix}-${part}-${local.account}"
  }

  # CloudFront and S3's own logs cannot use a key of KMS without more rights on it; both hold nothing secret.
  amazon_key = ["logs", "page"]

  database   = "${replace(var.name_prefix, "-", "_")}_lake"
  deliveries = { for event, contract in var.events : event => "${var.name_prefix}-lake-${contract.stream}" }
  locations  = { for event in keys(var.events) : event => "s3://${local.buckets["lake"]}/events/${event}/" }

  transform_name = "${var.name_prefix}-lake-transform"
}
