"""What files of the course hold, read in one way by whoever builds and by whoever grades."""
