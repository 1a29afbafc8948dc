"""The products, one file each: the whole path from files to what a person gets, on one screen."""
