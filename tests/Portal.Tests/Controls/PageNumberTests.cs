using Portal.Controls;

namespace Portal.Tests.Controls;

public sealed class PageNumberTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData("", 1)]
    [InlineData("7", 7)]
    [InlineData("0", 1)]
    [InlineData("-3", 1)]
    [InlineData("99999999999999999999", 1)]
    [InlineData("2000000", 100_000)]
    [InlineData("../etc/passwd", 1)]
    [InlineData("１", 1)]
    public void Page_is_a_number_from_1_whatever_the_address_says(string? text, int page) => Assert.Equal(page, PageNumber.Of(text));
}
