revision = "2023_1_expand01"
down_revision = "merge_heads_add_homepage_banner"
