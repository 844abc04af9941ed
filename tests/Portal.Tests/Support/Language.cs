using System.Globalization;

namespace Portal.Tests.Support;

/// <summary>The language of a reader, for code that asks for it.</summary>
static class Language
{
    /// <summary>What is made for a reader of that language, such as <c>zh-CN</c>.</summary>
    public static T In<T>(string language, Func<T> make)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        try
        {
            return make();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
