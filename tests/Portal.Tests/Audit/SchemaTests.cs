using Microsoft.EntityFrameworkCore;
using Portal.Tests.Support;

namespace Portal.Tests.Audit;

public sealed class SchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Migrations_have_nothing_pending_against_the_model()
    {
        await using var database = await postgres.CreateAsync();
        await using var db = database.CreateDbContext();

        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
    }
}
