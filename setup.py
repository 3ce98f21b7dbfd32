"""What setup.cfg cannot say: that generate.py, and what it reads beside it, are a package too."""

from setuptools import find_packages, setup

setup(script_name="setup.py", packages=[*find_packages(include=["flow", "flow.*"]), "limn_flow_data"])
