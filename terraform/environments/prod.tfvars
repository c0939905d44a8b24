environment = "prod"
region      = "us-east-1"

account_guards      = true
budget_usd          = 5000
deletion_protection = true
flink_parallelism   = { default = 4 }
interface_endpoints = ["kinesis-streams"]
log_retention_days  = 90
nat                 = "PER_ZONE"
