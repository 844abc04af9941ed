using Portal.Audit;

namespace Portal.Tests.Audit;

public sealed class CsvRowsTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData("\0=1")]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠SUM")]
    [InlineData("  =1+1")]
    [InlineData("\u3000=1+1")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")")]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("\ttab")]
    public void Guard_what_begins_like_a_formula_gets_an_apostrophe(string cell) => Assert.Equal("'" + cell, CsvRows.Guard(cell));

    [Theory]
    [InlineData("")]
    [InlineData("order-api")]
    [InlineData("1-2")]
    [InlineData("a=b")]
    [InlineData("{\"a\":\"=1\"}")]
    [InlineData("订单")]
    [InlineData("'quoted")]
    [InlineData("2026-11-22T05:15:23.000000Z")]
    public void Guard_anything_else_stays_as_it_is(string cell) => Assert.Equal(cell, CsvRows.Guard(cell));
}
