"""What tests share: a server, a browser, a watch over its pages, axe. The fixtures are in conftest.py."""
