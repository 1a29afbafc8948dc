"""The site: pages for officials, principals, inspectors and the public, over figures and matters."""
