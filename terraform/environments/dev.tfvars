environment = "dev"
region      = "us-east-1"

budget_usd          = 500
deletion_protection = false
log_retention_days  = 7
nat                 = "ONE"
