"""WeCom 企业微信: the AI bot over its WebSocket, the group robot, the self-built application.

Facts about the service stand in these modules and nowhere else. The platform's pages are named by their numbers at
developer.work.weixin.qq.com/document/path/NUMBER.
"""
