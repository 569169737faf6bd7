revision = "a1"
down_revision = "b2"
async def f():
    async with x as revision:
        down_revision = await revision
