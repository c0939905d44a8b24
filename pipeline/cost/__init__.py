"""What the product costs on AWS: a deployment and its traffic, priced line by line from a dated table."""
